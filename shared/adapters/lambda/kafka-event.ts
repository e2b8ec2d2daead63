import * as z from 'zod';
import { type Topic, topics } from '../../definitions/topics.ts';
import { PipelineError } from '../../domain/pipeline-error.ts';
import type { Received } from '../../ports/stream.ts';

const Position = z.int().nonnegative();
const Base64 = z.string().nullish();

/** Headers are not read: all that we need to know stands in the value. */
const KafkaRecord = z.object({
  topic: z.string().min(1),
  partition: Position,
  offset: Position,
  timestamp: z.int(),
  timestampType: z.string().optional(),
  key: Base64,
  value: Base64,
});
type KafkaRecord = z.infer<typeof KafkaRecord>;

/**
 * What an event source mapping for Kafka sends (docs.aws.amazon.com/lambda/latest/dg/with-msk.html): `aws:kafka` from MSK,
 * `SelfManagedKafka` from any other cluster. A topic may hold dashes, so the keys of `records` are not taken apart.
 */
const KafkaEvent = z.object({
  eventSource: z.enum(['aws:kafka', 'SelfManagedKafka']),
  bootstrapServers: z.string().optional(),
  records: z.record(z.string(), z.array(KafkaRecord)),
});

/** The records of one partition, in order. Topic as the cluster knows it; the records carry it as we know it. */
export type PartitionBatch = { readonly topic: string; readonly partition: number } & (
  | { readonly outcome: 'received'; readonly records: readonly Received[] }
  /** Stamped by their senders: no decision may rest on such an instant. */
  | { readonly outcome: 'unstamped'; readonly offsets: readonly number[]; readonly error: PipelineError }
  /** None of our topics. */
  | { readonly outcome: 'foreign' }
);

export type KafkaEventRead =
  | { readonly outcome: 'read'; readonly batches: readonly PartitionBatch[] }
  | { readonly outcome: 'unreadable'; readonly reason: string };

/** Never throws, whatever the event is. What stands inside the records is not looked at. */
export const readKafkaEvent = (event: unknown, prefix: string): KafkaEventRead => {
  const parsed = KafkaEvent.safeParse(event);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { outcome: 'unreadable', reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}` };
  }
  const { records, bootstrapServers = '<brokers>' } = parsed.data;
  const partitions = byPartition(Object.values(records).flat());
  return { outcome: 'read', batches: partitions.map((batch) => batchOf(batch, { prefix, bootstrapServers })) };
};

const byPartition = (records: readonly KafkaRecord[]): readonly (readonly KafkaRecord[])[] => {
  const partitions = new Map<string, KafkaRecord[]>();
  for (const record of records) {
    const name = partitionName(record);
    const known = partitions.get(name);
    if (known === undefined) partitions.set(name, [record]);
    else known.push(record);
  }
  return [...partitions.values()];
};

/** As an event source mapping writes it, in events and in answers. */
export const partitionName = ({ topic, partition }: Pick<KafkaRecord, 'topic' | 'partition'>): string =>
  `${topic}-${partition}`;

const batchOf = (
  batch: readonly KafkaRecord[],
  { prefix, bootstrapServers }: { readonly prefix: string; readonly bootstrapServers: string },
): PartitionBatch => {
  const { topic: name = '', partition = 0 } = batch[0] ?? {};
  const place = { topic: name, partition };
  const topic = ours.get(name.startsWith(prefix) ? name.slice(prefix.length) : '');
  if (topic === undefined) return { ...place, outcome: 'foreign' };
  const unstamped = batch.find(({ timestampType }) => timestampType !== 'LOG_APPEND_TIME');
  if (unstamped !== undefined)
    return {
      ...place,
      outcome: 'unstamped',
      offsets: batch.map(({ offset }) => offset),
      error: notStamped(unstamped, bootstrapServers),
    };
  return { ...place, outcome: 'received', records: batch.map((record) => receivedOf(record, topic)) };
};

const ours: ReadonlyMap<string, Topic> = new Map(Object.values(topics).map((topic) => [topic, topic]));

const receivedOf = ({ partition, offset, timestamp, key, value }: KafkaRecord, topic: Topic): Received => ({
  topic,
  partition,
  offset,
  key: textOf(key),
  value: textOf(value),
  at: timestamp,
});

const textOf = (base64: string | null | undefined): string => Buffer.from(base64 ?? '', 'base64').toString('utf8');

const notStamped = ({ topic, partition, offset }: KafkaRecord, brokers: string): PipelineError => {
  const cure =
    `kafka-configs.sh --bootstrap-server ${brokers} --alter --entity-type topics --entity-name ${topic} ` +
    '--add-config message.timestamp.type=LogAppendTime';
  return new PipelineError(
    'CONFIG_INVALID',
    `${topic} partition ${partition} offset ${offset} was stamped by its sender, not by the log: run ${cure} ` +
      '(records that are on the topic already keep their stamps: delete them, or let retention do it)',
    { retryable: false },
  );
};
