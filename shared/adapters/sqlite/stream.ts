import { type Group, type Topic, topics } from '../../definitions/topics.ts';
import type { Instant } from '../../domain/instant.ts';
import { PipelineError } from '../../domain/pipeline-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Consumption, Outgoing, Received, Stream } from '../../ports/stream.ts';
import type { Database } from './database.ts';
import { groupCursor } from './stream-cursor.ts';
import { type StreamTail, streamTail } from './stream-tail.ts';

/** One row holds all records of one append: a batch costs one insert and one read, whatever its size. */
export const streamSchema: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS stream_batches (
    topic TEXT NOT NULL, first INTEGER NOT NULL, records INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (topic, first))`,
  `CREATE TABLE IF NOT EXISTS stream_groups (
    reader TEXT NOT NULL, topic TEXT NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (reader, topic)) WITHOUT ROWID`,
];

type Packed = readonly [key: string, at: Instant, value: string];

export interface SqliteStream extends Stream {
  /**
   * Appends inside the caller's transaction, so that what is counted with it is true. What it returns is to be called after
   * that transaction is committed: only then readers see the records.
   */
  appendWithin(topic: Topic, records: readonly Outgoing[]): () => void;
  /** The append instant of the first record that a group has not finished; undefined when it has finished all. */
  oldestUnfinished(topic: Topic, group: Group): Instant | undefined;
  /** The offset that a topic's next record will have, and the one that a group reads next. */
  placeOf(topic: Topic, group: Group): { readonly end: number; readonly next: number };
  /** Sets a group back to an earlier offset; what it has done since then it will be given again. */
  rewind(topic: Topic, group: Group, records: number): void;
  /** Deletes what every group has finished and what was appended before an instant. */
  prune(before: Instant): void;
}

/**
 * The stream on one SQLite file: one partition per topic, one process. `onGivenUp` hears of a reader that ended because
 * trying again is senseless.
 */
export const sqliteStream = (
  db: Database,
  clock: Clock,
  onGivenUp: (error: PipelineError) => void = () => undefined,
): SqliteStream => {
  const insert = db.prepare(
    'INSERT OR REPLACE INTO stream_batches (topic, first, records, at, body) VALUES (?, ?, ?, ?, ?)',
  );
  const ends = readEnds(db);
  const tails = new Map<Topic, StreamTail>(Object.values(topics).map((topic) => [topic, streamTail()]));
  const waiting = new Map<Topic, Set<() => void>>();

  const wake = (topic: Topic): void => {
    const sleepers = [...(waiting.get(topic) ?? [])];
    waiting.get(topic)?.clear();
    for (const sleeper of sleepers) sleeper();
  };

  /** Takes the next offsets; `write` puts the records on disk, `show` before the eyes of readers. */
  const prepareAppend = (topic: Topic, records: readonly Outgoing[]): { write: () => void; show: () => void } => {
    const now = clock.businessNow();
    const first = ends.get(topic) ?? 0;
    const received = records.map(
      ({ key, value, at }, index): Received => ({
        topic,
        partition: 0,
        offset: first + index,
        key,
        value,
        at: at ?? now,
      }),
    );
    const body = JSON.stringify(received.map(({ key, at, value }): Packed => [key, at, value]));
    return {
      write: () => insert.run(topic, first, records.length, now, body),
      show: () => {
        ends.set(topic, first + records.length);
        tails.get(topic)?.push(received);
        queueMicrotask(() => wake(topic));
      },
    };
  };
  const read = (topic: Topic, next: number, limit: number): readonly Received[] =>
    tails.get(topic)?.read(next, limit) ?? readStreamFrom(db, topic, next, limit);

  const cursor = groupCursor(db);

  const consume = async (
    { topic, group, batchSize }: { topic: Topic; group: Group; batchSize: number },
    process: (batch: readonly Received[]) => Promise<void>,
    stopped: () => boolean,
  ): Promise<void> => {
    let failures = 0;
    while (!stopped()) {
      const from = cursor.next(group, topic);
      const batch = read(topic, from, batchSize);
      const last = batch.at(-1);
      if (last === undefined) {
        await new Promise<void>((resolve) => sleepersOf(waiting, topic).add(resolve));
        continue;
      }
      try {
        await process(batch);
        cursor.finish(group, topic, { from, to: last.offset + 1 });
        failures = 0;
      } catch (error) {
        if (error instanceof PipelineError && !error.retryable) {
          onGivenUp(error);
          return;
        }
        failures += 1;
        await pause(Math.min(5_000, 50 * 2 ** failures));
      }
      // lets requests and timers in between two batches
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  return {
    appendWithin: (topic, records) => {
      const { write, show } = prepareAppend(topic, records);
      write();
      return show;
    },
    append: async (topic, records) => {
      if (records.length === 0) return;
      // what a stage publishes it owes until it is on disk: it may go there with the next transaction
      const { write, show } = prepareAppend(topic, records);
      db.defer(write);
      show();
    },
    subscribe: async (subscription, process): Promise<Consumption> => {
      let stopping = false;
      const done = consume(subscription, process, () => stopping);
      return {
        stop: async () => {
          stopping = true;
          wake(subscription.topic);
          await done;
        },
      };
    },
    placeOf: (topic, group) => ({ end: ends.get(topic) ?? 0, next: cursor.next(group, topic) }),
    oldestUnfinished: (topic, group) => read(topic, cursor.next(group, topic), 1)[0]?.at,
    rewind: (topic, group, records) => {
      cursor.rewind(group, topic, records);
      wake(topic);
    },
    prune: (before) => {
      for (const topic of Object.values(topics))
        db.prepare(
          `DELETE FROM stream_batches WHERE topic = ?1 AND at < ?2 AND first + records <=
             (SELECT coalesce(min(next), 0) FROM stream_groups WHERE topic = ?1)`,
        ).run(topic, before);
    },
  };
};

const sleepersOf = (waiting: Map<Topic, Set<() => void>>, topic: Topic): Set<() => void> => {
  const known = waiting.get(topic) ?? new Set();
  waiting.set(topic, known);
  return known;
};

const readEnds = (db: Database): Map<Topic, number> =>
  new Map(
    Object.values(topics).map((topic) => {
      const row = db.prepare('SELECT max(first + records) AS next FROM stream_batches WHERE topic = ?').get(topic);
      const read = db.prepare('SELECT max(next) AS next FROM stream_groups WHERE topic = ?').get(topic);
      // a topic that was pruned empty goes on where its readers are
      return [topic, Math.max(Number(row?.['next'] ?? 0), Number(read?.['next'] ?? 0))];
    }),
  );

export const readStreamFrom = (db: Database, topic: Topic, next: number, limit: number): readonly Received[] => {
  const rows = db
    .prepare(
      `SELECT first, body FROM stream_batches WHERE topic = ?1 AND first >=
         coalesce((SELECT max(first) FROM stream_batches WHERE topic = ?1 AND first <= ?2), 0)
       ORDER BY first LIMIT 64`,
    )
    .all(topic, next);
  const batch: Received[] = [];
  for (const row of rows) {
    const first = Number(row['first']);
    for (const [index, [key, at, value]] of (JSON.parse(String(row['body'])) as Packed[]).entries()) {
      if (first + index < next) continue;
      if (batch.length === limit) return batch;
      batch.push({ topic, partition: 0, offset: first + index, key, value, at });
    }
  }
  return batch;
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
