import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { failedRecords } from './failed-records.ts';
import { kafkaEventOf, type Origin } from './kafka-event-of.ts';
import type { LambdaFunction } from './lambda-function.ts';
import { type GivenUp, handOver, type OnFailure } from './on-failure.ts';

/** An event source mapping for Kafka, with the defaults and limits of the real one in provisioned mode. */
export interface EventSourceSettings {
  readonly kafka: Kafka;
  readonly brokers: readonly string[];
  /** As the cluster knows it. */
  readonly topic: string;
  readonly group: string;
  readonly target: LambdaFunction;
  readonly managed?: boolean;
  /** False as in plain mode: what an answer lists is not looked at. */
  readonly partialAnswers?: boolean;
  /** 100 by default. */
  readonly batchSize?: number;
  /** How long records are gathered. 0: not at all. */
  readonly windowMs?: number;
  /** −1: as often as it takes; with `onFailure` ten times. */
  readonly retryAttempts?: number;
  /** −1: however old. */
  readonly maxRecordAgeMs?: number;
  readonly onFailure?: OnFailure;
}

export interface EventSource {
  /** Records that were given up and had nowhere to go. */
  readonly dropped: readonly string[];
  stop(): Promise<void>;
}

const mostBytes = 6 * 1024 * 1024;
const firstPauseMs = 50;
const longestPauseMs = 1_000;

/** Reads the topic as a group of its own; commits what succeeded or was handed over, and nothing else. */
export const startEventSource = async (settings: EventSourceSettings): Promise<EventSource> => {
  const { kafka, topic, group, windowMs = 0 } = settings;
  const dropped: string[] = [];
  const consumer: Consumer = kafka.consumer({
    groupId: group,
    allowAutoTopicCreation: false,
    // the broker does the gathering
    minBytes: windowMs === 0 ? 1 : 4 * 1024 * 1024,
    maxWaitTimeInMs: windowMs === 0 ? 100 : windowMs,
    retry: { retries: 10, initialRetryTime: 100, maxRetryTime: 1_000 },
  });
  let stopping = false;
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 4,
    eachBatch: (payload) => workBatch(payload, { settings, dropped, stopping: () => stopping }),
  });
  return {
    dropped,
    stop: async () => {
      stopping = true;
      await consumer.stop();
      await consumer.disconnect();
    },
  };
};

interface Running {
  readonly settings: EventSourceSettings;
  readonly dropped: string[];
  readonly stopping: () => boolean;
}

const workBatch = async (payload: EachBatchPayload, running: Running): Promise<void> => {
  const { topic, partition, messages } = payload.batch;
  const { brokers, managed = true, batchSize = 100 } = running.settings;
  const origin = { topic, partition, brokers, managed };
  for (const part of partsOf(messages, batchSize, origin)) {
    if (!(await workPart(part, payload, origin, running))) return;
    const last = part.at(-1)?.offset ?? '0';
    payload.resolveOffset(last);
    const offset = (BigInt(last) + 1n).toString();
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
  }
};

/** False when it was interrupted: nothing of it counts as done. */
const workPart = async (
  part: readonly KafkaMessage[],
  payload: EachBatchPayload,
  origin: Origin,
  { settings, dropped, stopping }: Running,
): Promise<boolean> => {
  const { target, partialAnswers = true, retryAttempts = -1, maxRecordAgeMs = -1, onFailure } = settings;
  const mostRetries = retryAttempts === -1 && onFailure !== undefined ? 10 : retryAttempts;
  const giveUp = async (messages: readonly KafkaMessage[], why: Pick<GivenUp, 'condition' | 'invocations'>) => {
    if (onFailure === undefined)
      dropped.push(...messages.map(({ offset }) => `${origin.topic}-${origin.partition}@${offset}`));
    else await handOver({ messages, origin, functionName: target.name, ...why }, onFailure, settings.kafka);
  };
  let left = part;
  for (let invocations = 0; left.length > 0; ) {
    if (stopping() || !payload.isRunning() || payload.isStale()) return false;
    const aged =
      maxRecordAgeMs === -1 ? [] : left.filter(({ timestamp }) => Date.now() - Number(timestamp) > maxRecordAgeMs);
    if (aged.length > 0) await giveUp(aged, { condition: 'RecordAgeExceeded', invocations });
    left = left.filter((message) => !aged.includes(message));
    if (left.length === 0) return true;
    const invoked = await beating(payload, target.invoke(kafkaEventOf(left, origin)));
    invocations += 1;
    if (invoked.outcome === 'too-large' && left.length === 1) {
      await giveUp(left, { condition: 'MaximumPayloadSizeExceeded', invocations });
      return true;
    }
    left =
      !partialAnswers && invoked.outcome === 'answered'
        ? []
        : failedRecords(invoked, left, `${origin.topic}-${origin.partition}`);
    if (left.length === 0) return true;
    if (mostRetries !== -1 && invocations > mostRetries) {
      await giveUp(left, { condition: 'RetryAttemptsExhausted', invocations });
      return true;
    }
    await new Promise((resolve) =>
      setTimeout(resolve, Math.min(longestPauseMs, firstPauseMs * 2 ** (invocations - 1))),
    );
  }
  return true;
};

/** An invocation may take longer than a member of a group may be silent. */
const beating = async <T>(payload: EachBatchPayload, work: Promise<T>): Promise<T> => {
  const beat = setInterval(() => void payload.heartbeat().catch(() => undefined), 1_000);
  try {
    return await work;
  } finally {
    clearInterval(beat);
  }
};

/** By number, and by what an invocation may carry. */
const partsOf = (messages: readonly KafkaMessage[], most: number, origin: Origin): KafkaMessage[][] => {
  const parts: KafkaMessage[][] = [];
  let part: KafkaMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = JSON.stringify(kafkaEventOf([message], origin)).length;
    if (part.length > 0 && (part.length === most || bytes + size > mostBytes)) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(message);
    bytes += size;
  }
  if (part.length > 0) parts.push(part);
  return parts;
};
