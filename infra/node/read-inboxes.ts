import type { ConnectionId } from '../../shared/domain/ids.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { ReadBackResult } from '../../shared/usecases/read-back.ts';

export interface Inboxes {
  /** Something may have come in, or fallen due. */
  poke(): void;
  /** True while some connection reads, or waits less than a second for its next call. */
  busy(): boolean;
  /** Resolves when no connection is reading. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Reads every connection's inbox at its own pace: one call at a time each, none waiting for another. */
export const readInboxes = (
  readBack: (connection: ConnectionId) => Promise<ReadBackResult>,
  connections: readonly ConnectionId[],
  log: Log,
): Inboxes => {
  const lanes = connections.map((connection) => lane(connection, readBack, log));
  return {
    poke: () => {
      for (const each of lanes) each.poke();
    },
    busy: () => lanes.some((each) => each.busy()),
    settled: async () => {
      await Promise.all(lanes.map((each) => each.settled()));
    },
    stop: async () => {
      await Promise.all(lanes.map((each) => each.stop()));
    },
  };
};

const lane = (connection: ConnectionId, readBack: (connection: ConnectionId) => Promise<ReadBackResult>, log: Log) => {
  let running: Promise<void> | undefined;
  let again = false;
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let longWait = false;

  const drain = async (): Promise<void> => {
    do {
      again = false;
      const { read, waitMs } = await readBack(connection);
      if (waitMs !== undefined && waitMs > 0) {
        wakeAfter(waitMs);
        return;
      }
      if (read > 0) again = true;
    } while (again && !stopping);
  };
  const wakeAfter = (ms: number): void => {
    if (stopping) return;
    clearTimeout(timer);
    longWait = ms >= 1_000;
    timer = setTimeout(() => {
      timer = undefined;
      poke();
    }, ms);
  };
  const poke = (): void => {
    if (stopping || timer !== undefined) return;
    if (running !== undefined) {
      again = true;
      return;
    }
    running = drain()
      .catch((error: unknown) => {
        log.error({ connection, failure: error instanceof Error ? error.message : 'unknown' }, 'reading back failed');
        wakeAfter(1_000);
      })
      .finally(() => {
        running = undefined;
      });
  };
  return {
    poke,
    busy: () => running !== undefined || (timer !== undefined && !longWait),
    settled: async () => {
      await running;
    },
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      await running;
    },
  };
};
