import { type Group, groups, type Topic, topics } from '#shared/definitions/topics.ts';
import type { Received, Stream } from '#shared/ports/stream.ts';

/** Something that has not happened until it is opened. */
export const gateOf = (): { passed: Promise<void>; open: () => void } => {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
};

export interface Collector {
  readonly records: Received[];
  readonly add: (batch: readonly Received[]) => void;
  readonly until: (enough: (records: readonly Received[]) => boolean) => Promise<void>;
}

export const collector = (): Collector => {
  const records: Received[] = [];
  const waiting = new Set<() => void>();
  return {
    records,
    add: (batch) => {
      records.push(...batch);
      for (const check of waiting) check();
    },
    until: (enough) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!enough(records)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
};

export interface ReaderOptions {
  readonly topic?: Topic;
  readonly group?: Group;
  readonly batchSize?: number;
  /** Runs before a batch counts as done; may throw. */
  readonly before?: (batch: readonly Received[]) => void | Promise<void>;
  readonly into?: Collector;
}

/** A consumer that remembers what it got. */
export const readerOf = (stream: Stream, options: ReaderOptions = {}) => {
  const { topic = topics.events, group = groups.gradeCustomers, batchSize = 100, before, into = collector() } = options;
  const attempts: (readonly Received[])[] = [];
  const batches: (readonly Received[])[] = [];
  let stop = (): Promise<void> => Promise.resolve();
  const process = async (batch: readonly Received[]): Promise<void> => {
    attempts.push(batch);
    await before?.(batch);
    batches.push(batch);
    into.add(batch);
  };
  return {
    attempts,
    batches,
    start: async (): Promise<void> => {
      const consumption = await stream.subscribe({ topic, group, batchSize }, process);
      stop = () => consumption.stop();
    },
    stop: (): Promise<void> => stop(),
    records: (): readonly Received[] => into.records,
    values: (): string[] => into.records.map(({ value }) => value),
    valuesOf: (key: string): string[] => into.records.filter((record) => record.key === key).map(({ value }) => value),
    sees: (count: number): Promise<void> => into.until((records) => records.length >= count),
    until: into.until,
  };
};
