import type { ConnectionId } from '../../shared/domain/ids.ts';
import type { ReadBackResult } from '../../shared/usecases/read-back.ts';
import { type ReadLeaseDeps, readLease, readLeaseMs, readRestMs } from './read-lease.ts';

export interface DrainDeps extends ReadLeaseDeps {
  readonly readBack: (connection: ConnectionId) => Promise<ReadBackResult>;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface Drain {
  /** No call is begun after this wall-clock instant. */
  readonly until: number;
  /** Whether to wait for the next call that the connection's budget allows, if it comes before `until`. */
  readonly waits: boolean;
}

/** Renewed while it still holds for longer than any call of a CRM takes. */
const renewBeforeMs = 20_000;

/**
 * Reads a connection's inbox back for as long as there is something to read, budget and time. One reader per connection over
 * all instances: returns undefined where another one reads, else how many records were read.
 */
export const drainInbox = (deps: DrainDeps) => {
  const { readBack, clock, sleep } = deps;
  const leaseOf = readLease(deps);
  return async (connection: ConnectionId, { until, waits }: Drain): Promise<number | undefined> => {
    const lease = (ms: number): Promise<boolean> => leaseOf(connection, ms);
    if (!(await lease(readLeaseMs))) return undefined;
    let leasedUntil = clock.wallNow() + readLeaseMs;
    let all = 0;
    try {
      while (clock.wallNow() < until) {
        if (leasedUntil - clock.wallNow() < renewBeforeMs) {
          if (!(await lease(readLeaseMs))) break;
          leasedUntil = clock.wallNow() + readLeaseMs;
        }
        const { read, waitMs } = await readBack(connection);
        all += read;
        if (waitMs === undefined) break;
        if (waitMs > 0 && (!waits || clock.wallNow() + waitMs >= until)) break;
        if (waitMs > 0) await sleep(waitMs);
      }
    } finally {
      await lease(readRestMs);
    }
    return all;
  };
};
