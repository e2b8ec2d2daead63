import type { Group, Topic } from '../../definitions/topics.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Consumption, Outgoing, Received, Stream, Subscription } from '../../ports/stream.ts';

export interface MemoryStreamOptions {
  /** Stamps records that bring no instant of their own. */
  readonly now?: () => Instant;
  /** Partitions of each topic. */
  readonly partitions?: number;
  /** How long a batch that was rejected waits before it comes again. */
  readonly retryAfterMs?: number;
}

export interface MemoryStream extends Stream {
  /** What stands on a topic now, partition by partition. */
  recordsOf(topic: Topic): readonly Received[];
}

interface Partition {
  readonly records: Received[];
}

/** How far one group is, by partition, and which partitions a member has in hand. */
interface Progress {
  readonly next: number[];
  readonly taken: boolean[];
  /** Wakes the members that wait for something to do. */
  readonly wake: Set<() => void>;
}

/** A stream that lives as long as the object: for tests, and for trying things out. */
export const memoryStream = (options: MemoryStreamOptions = {}): MemoryStream => {
  const { now = Date.now, partitions = 4, retryAfterMs = 20 } = options;
  const logs = new Map<Topic, readonly Partition[]>();
  const groups = new Map<string, Progress>();

  const logOf = (topic: Topic): readonly Partition[] =>
    found(logs, topic, () => Array.from({ length: partitions }, () => ({ records: [] })));

  const progressOf = (topic: Topic, group: Group): Progress =>
    found(groups, `${topic} ${group}`, () => ({
      next: Array<number>(partitions).fill(0),
      taken: Array<boolean>(partitions).fill(false),
      wake: new Set(),
    }));

  return {
    recordsOf: (topic) => logOf(topic).flatMap(({ records }) => records),
    append: async (topic, records) => {
      for (const record of records) {
        const partition = partitionOf(record.key, partitions);
        const log = logOf(topic)[partition]?.records;
        log?.push(received(topic, partition, log.length, record, record.at ?? now()));
      }
      for (const [name, { wake }] of groups) if (name.startsWith(`${topic} `)) wakeAll(wake);
    },
    subscribe: async (subscription, process) =>
      consume(logOf(subscription.topic), progressOf(subscription.topic, subscription.group), {
        subscription,
        process,
        retryAfterMs,
      }),
  };
};

interface Member {
  readonly subscription: Subscription;
  readonly process: (batch: readonly Received[]) => Promise<void>;
  readonly retryAfterMs: number;
}

/** Ends the waiting of a member that is to stop. */
interface Life {
  stopped: boolean;
  endPause: () => void;
}

const consume = (log: readonly Partition[], progress: Progress, member: Member): Consumption => {
  const life: Life = { stopped: false, endPause: () => undefined };
  const work = async (): Promise<void> => {
    while (!life.stopped) {
      const partition = takeOne(log, progress);
      if (partition === undefined) await woken(progress.wake);
      else await deliver({ log, progress, partition }, member, life);
    }
  };
  const ended = work();
  return {
    stop: () => {
      life.stopped = true;
      life.endPause();
      wakeAll(progress.wake);
      return ended;
    },
  };
};

/** A partition with something to read that no other member has in hand; it is in hand from now on. */
const takeOne = (log: readonly Partition[], { next, taken }: Progress): number | undefined => {
  const free = log.findIndex(({ records }, i) => taken[i] === false && (next[i] ?? 0) < records.length);
  if (free < 0) return undefined;
  taken[free] = true;
  return free;
};

const deliver = async (
  { log, progress, partition }: { log: readonly Partition[]; progress: Progress; partition: number },
  { subscription, process, retryAfterMs }: Member,
  life: Life,
): Promise<void> => {
  const from = progress.next[partition] ?? 0;
  const batch = log[partition]?.records.slice(from, from + subscription.batchSize) ?? [];
  try {
    await process(batch);
    progress.next[partition] = from + batch.length;
  } catch {
    // nothing of it counts as done: the partition stays in hand for the pause, so that its order holds
    await paused(retryAfterMs, life);
  }
  progress.taken[partition] = false;
  wakeAll(progress.wake);
};

const woken = (wake: Set<() => void>): Promise<void> => new Promise((resolve) => wake.add(resolve));

const paused = (ms: number, life: Life): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    life.endPause = () => {
      clearTimeout(timer);
      resolve();
    };
    if (life.stopped) life.endPause();
  });

const wakeAll = (wake: Set<() => void>): void => {
  const sleepers = [...wake];
  wake.clear();
  for (const sleeper of sleepers) sleeper();
};

const partitionOf = (key: string, partitions: number): number => {
  let hash = 0;
  for (let i = 0; i < key.length; i += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) >>> 0;
  return hash % partitions;
};

const received = (
  topic: Topic,
  partition: number,
  offset: number,
  { key, value }: Outgoing,
  at: Instant,
): Received => ({
  topic,
  partition,
  offset,
  key,
  value,
  at,
});

const found = <K, V>(map: Map<K, V>, key: K, create: () => V): V => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
};
