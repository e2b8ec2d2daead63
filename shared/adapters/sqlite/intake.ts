import { topics } from '../../definitions/topics.ts';
import { type Hint, outgoingHint } from '../../domain/hint.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Intake } from '../../ports/intake.ts';
import type { Database } from './database.ts';
import { countHints } from './record-accounts.ts';
import type { SqliteStream } from './stream.ts';

interface Waiting {
  readonly hints: readonly Hint[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Takes deliveries in with group commit: all that arrive in one turn of the event loop share one synced transaction, in
 * which they are also counted as received.
 */
export const sqliteIntake = (
  db: Database,
  stream: SqliteStream,
): Intake & {
  /** The earliest instant among deliveries that are not on disk yet. */
  oldestWaiting(): Instant | undefined;
} => {
  const count = countHints(db);
  let queue: Waiting[] = [];

  const flush = (): void => {
    const batch = queue;
    queue = [];
    try {
      const show = db.transaction(() => {
        for (const { hints } of batch)
          for (const [connection, received] of tally(hints))
            count(hints[0]?.tenant ?? '', connection, 'received', '', received);
        return stream.appendWithin(
          topics.webhooks,
          batch.flatMap(({ hints }) => hints.map(outgoingHint)),
        );
      });
      show();
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
      return;
    }
    for (const waiting of batch) waiting.resolve();
  };

  return {
    oldestWaiting: () => {
      const instants = queue.flatMap(({ hints }) => hints.map(({ receivedAt }) => receivedAt));
      return instants.length === 0 ? undefined : Math.min(...instants);
    },
    accept: (hints) =>
      new Promise((resolve, reject) => {
        if (queue.push({ hints, resolve, reject }) === 1) setImmediate(flush);
      }),
  };
};

const tally = (hints: readonly Hint[]): ReadonlyMap<string, number> => {
  const received = new Map<string, number>();
  for (const { connection } of hints) received.set(connection, (received.get(connection) ?? 0) + 1);
  return received;
};
