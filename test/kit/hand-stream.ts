import type { Group, Topic } from '#shared/definitions/topics.ts';
import type { Instant } from '#shared/domain/instant.ts';
import type { Outgoing, Received, Stream } from '#shared/ports/stream.ts';

export interface HandStream extends Stream {
  /** Gives a group its next batch. False when it has had everything. A batch that is rejected comes again. */
  turn(group: Group, batchSize?: number): Promise<boolean>;
  rewind(group: Group, records: number): void;
  oldestUnfinished(topic: Topic, group: Group): Instant | undefined;
  /** The offset that a topic's next record will have, and the one that a group reads next. */
  placeOf(topic: Topic, group: Group): { readonly end: number; readonly next: number };
  /** Everything appended to a topic. */
  read(topic: Topic): readonly Received[];
}

interface Reader {
  readonly topic: Topic;
  readonly process: (batch: readonly Received[]) => Promise<void>;
}

/** A log of one partition that moves only when it is turned: what happens between two turns is the test's choice. */
export const handStream = (now: () => Instant): HandStream => {
  const logs = new Map<Topic, Received[]>();
  const readers = new Map<Group, Reader>();
  const next = new Map<Group, number>();
  const logOf = (topic: Topic): Received[] => {
    const log = logs.get(topic) ?? [];
    logs.set(topic, log);
    return log;
  };
  const append = (topic: Topic, { key, value, at }: Outgoing): void => {
    const log = logOf(topic);
    log.push({ topic, partition: 0, offset: log.length, key, value, at: at ?? now() });
  };
  return {
    append: async (topic, records) => {
      for (const record of records) append(topic, record);
    },
    subscribe: async ({ topic, group }, process) => {
      readers.set(group, { topic, process });
      return { stop: async () => void readers.delete(group) };
    },
    turn: async (group, batchSize = Number.POSITIVE_INFINITY) => {
      const reader = readers.get(group);
      const from = next.get(group) ?? 0;
      const batch = reader === undefined ? [] : logOf(reader.topic).slice(from, from + batchSize);
      if (batch.length === 0) return false;
      await reader?.process(batch);
      next.set(group, from + batch.length);
      return true;
    },
    rewind: (group, records) => void next.set(group, Math.max(0, (next.get(group) ?? 0) - records)),
    oldestUnfinished: (topic, group) => logOf(topic)[next.get(group) ?? 0]?.at,
    placeOf: (topic, group) => ({ end: logOf(topic).length, next: next.get(group) ?? 0 }),
    read: (topic) => logOf(topic),
  };
};
