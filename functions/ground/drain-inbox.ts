import type { ConnectionId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { TokenStore } from '../../shared/ports/token-store.ts';
import type { ReadBackResult } from '../../shared/usecases/read-back.ts';

export interface DrainDeps {
  readonly tokens: TokenStore;
  readonly readBack: (connection: ConnectionId) => Promise<ReadBackResult>;
  readonly clock: Pick<Clock, 'wallNow'>;
  /** Names this instance among those that compete for a connection. */
  readonly holder: string;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface Drain {
  /** No call is begun after this wall-clock instant. */
  readonly until: number;
  /** Whether to wait for the next call that the connection's budget allows, if it comes before `until`. */
  readonly waits: boolean;
}

const leaseMs = 30_000;
/** Renewed while it still holds for longer than any call of a CRM takes. */
const renewBeforeMs = 20_000;
/** A budget starts full: whoever reads next must not add its own first calls to our last ones. */
const restMs = 1_000;

/**
 * Reads a connection's inbox back for as long as there is something to read, budget and time. One reader per connection over
 * all instances: returns undefined where another one reads, else how many records were read.
 */
export const drainInbox =
  ({ tokens, readBack, clock, holder, sleep }: DrainDeps) =>
  async (connection: ConnectionId, { until, waits }: Drain): Promise<number | undefined> => {
    const lease = (ms: number): Promise<boolean> =>
      tokens.acquireLease(`read-back/${connection}`, holder, clock.wallNow(), ms);
    if (!(await lease(leaseMs))) return undefined;
    let leasedUntil = clock.wallNow() + leaseMs;
    let all = 0;
    try {
      while (clock.wallNow() < until) {
        if (leasedUntil - clock.wallNow() < renewBeforeMs) {
          if (!(await lease(leaseMs))) break;
          leasedUntil = clock.wallNow() + leaseMs;
        }
        const { read, waitMs } = await readBack(connection);
        all += read;
        if (waitMs === undefined) break;
        if (waitMs > 0 && (!waits || clock.wallNow() + waitMs >= until)) break;
        if (waitMs > 0) await sleep(waitMs);
      }
    } finally {
      await lease(restMs);
    }
    return all;
  };
