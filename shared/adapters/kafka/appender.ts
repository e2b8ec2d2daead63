import { type Kafka, Partitioners, type Producer } from 'kafkajs';
import { PipelineError } from '../../domain/pipeline-error.ts';
import type { Outgoing } from '../../ports/stream.ts';

/** A broker takes at most 1 MB per partition and request by default. */
const requestBytes = 700_000;

export interface Appender {
  append(topic: string, records: readonly Outgoing[]): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly topic: string;
  readonly records: readonly Outgoing[];
  readonly resolve: () => void;
  readonly reject: (error: PipelineError) => void;
}

/**
 * Appends in the order of the calls: one request in flight, and whatever is asked for meanwhile goes into the next one.
 * A producer that failed is replaced, since a socket may be dead without saying so.
 */
export const kafkaAppender = (kafka: Kafka): Appender => {
  const queue: Waiting[] = [];
  let connected: Promise<Producer> | undefined;
  let draining: Promise<void> | undefined;

  const drop = async (): Promise<void> => {
    const dropped = connected;
    connected = undefined;
    await dropped?.then((producer) => producer.disconnect()).catch(ignoreBrokenProducer);
  };

  const drain = async (): Promise<void> => {
    for (let group = takeGroup(queue); group.length > 0; group = takeGroup(queue)) {
      try {
        connected ??= connectProducer(kafka);
        const producer = await connected;
        for (const part of partsOf(group)) await producer.sendBatch({ acks: -1, timeout: 5_000, topicMessages: part });
        for (const { resolve } of group) resolve();
      } catch (cause) {
        await drop();
        const topics = [...new Set(group.map(({ topic }) => topic))].join(', ');
        const error = new PipelineError('STREAM_UNAVAILABLE', `could not append to ${topics}`, {
          retryable: true,
          cause,
        });
        for (const { reject } of group) reject(error);
      }
    }
    draining = undefined;
  };

  return {
    append: (topic, records) =>
      new Promise((resolve, reject) => {
        queue.push({ topic, records, resolve, reject });
        draining ??= Promise.resolve().then(drain);
      }),
    close: async () => {
      await draining;
      await drop();
    },
  };
};

const connectProducer = async (kafka: Kafka): Promise<Producer> => {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  return producer;
};

const ignoreBrokenProducer = (): void => {
  // it is given up because it failed already: that failure was reported to those who waited for it
};

const sizeOf = (records: readonly Outgoing[]): number =>
  records.reduce((bytes, { key, value }) => bytes + 3 * (key.length + value.length) + 32, 0);

/** As many calls as fit one request, at least one. */
const takeGroup = (queue: Waiting[]): readonly Waiting[] => {
  let bytes = 0;
  let count = 0;
  for (const { records } of queue) {
    bytes += sizeOf(records);
    if (count > 0 && bytes > requestBytes) break;
    count += 1;
  }
  return queue.splice(0, count);
};

type TopicMessages = { topic: string; messages: { key: string; value: string }[] }[];

/** One call's records may be more than fits one request: then it takes several, in order. */
const partsOf = (group: readonly Waiting[]): readonly TopicMessages[] => {
  const parts: TopicMessages[] = [];
  let part = new Map<string, { key: string; value: string }[]>();
  let bytes = 0;
  const finish = (): void => {
    if (part.size > 0) parts.push([...part].map(([topic, messages]) => ({ topic, messages })));
    part = new Map();
    bytes = 0;
  };
  for (const { topic, records } of group)
    for (const record of records) {
      const size = sizeOf([record]);
      if (bytes > 0 && bytes + size > requestBytes) finish();
      bytes += size;
      const messages = part.get(topic) ?? [];
      messages.push({ key: record.key, value: record.value });
      part.set(topic, messages);
    }
  finish();
  return parts;
};
