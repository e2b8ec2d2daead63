import type { KafkaMessage } from 'kafkajs';

export interface Origin {
  readonly topic: string;
  readonly partition: number;
  readonly brokers: readonly string[];
  /** Amazon MSK, or any other cluster. */
  readonly managed: boolean;
}

/** The client's types leave out the context in which it decoded a message. */
type DecodedMessage = KafkaMessage & { readonly batchContext?: { readonly timestampType?: number } };

/** An event as an event source mapping makes it of records of one partition. */
export const kafkaEventOf = (messages: readonly DecodedMessage[], { topic, partition, brokers, managed }: Origin) => ({
  eventSource: managed ? 'aws:kafka' : 'SelfManagedKafka',
  ...(managed ? { eventSourceArn: clusterArn } : {}),
  bootstrapServers: brokers.join(','),
  records: {
    [`${topic}-${partition}`]: messages.map((message) => ({
      topic,
      partition,
      offset: Number(message.offset),
      timestamp: Number(message.timestamp),
      timestampType: message.batchContext?.timestampType === 1 ? 'LOG_APPEND_TIME' : 'CREATE_TIME',
      ...(message.key === null ? {} : { key: message.key.toString('base64') }),
      value: message.value?.toString('base64') ?? null,
      headers: Object.entries(message.headers ?? {}).map(([name, value]) => ({ [name]: bytesOf(value) })),
    })),
  },
});
export type KafkaEventSent = ReturnType<typeof kafkaEventOf>;

const clusterArn = 'arn:aws:kafka:eu-central-1:000000000000:cluster/test/00000000-0000-0000-0000-000000000000-1';

const bytesOf = (value: unknown): number[] =>
  typeof value === 'string' || Buffer.isBuffer(value) ? [...Buffer.from(value)] : [];
