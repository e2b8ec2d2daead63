import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { PipelineError } from '../../domain/pipeline-error.ts';
import type { Consumption, Received, Subscription } from '../../ports/stream.ts';

export interface ConsumptionSettings {
  readonly prefix: string;
  readonly brokers: readonly string[];
  /** How long a rejected batch waits before it comes again. */
  readonly retryAfterMs: number;
  /** How long an idle fetch stays open; a stop waits for it. */
  readonly maxWaitMs: number;
  readonly givenUp: (error: PipelineError) => void;
}

type Process = (batch: readonly Received[]) => Promise<void>;

/** One member of a consumer group. Offsets are committed after `process` resolved, and by nothing else. */
export const consumeTopic = async (
  kafka: Kafka,
  subscription: Subscription,
  process: Process,
  settings: ConsumptionSettings,
): Promise<Consumption> => {
  const { prefix, maxWaitMs } = settings;
  const consumer = kafka.consumer({
    groupId: `${prefix}${subscription.group}`,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: maxWaitMs,
    // a coordinator that is moving or loading answers within seconds: a consumer has the time that a request has not
    retry: { retries: 10, initialRetryTime: 200, maxRetryTime: 5_000, restartOnFailure: () => Promise.resolve(true) },
  });
  let ending: Promise<void> | undefined;
  const stop = (): Promise<void> => (ending ??= endConsumer(consumer));
  const giveUp = (error: PipelineError): void => {
    // not awaited: the consumer ends only after the batch that brought us here
    stop().then(
      () => settings.givenUp(error),
      () => settings.givenUp(error),
    );
  };
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    const { error, groupId } = payload;
    if (!payload.restart)
      giveUp(new PipelineError('STREAM_UNAVAILABLE', `${groupId} was given up`, { retryable: true, cause: error }));
  });
  const eachBatch = batchWorker(consumer, subscription, process, { ...settings, giveUp });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: `${prefix}${subscription.topic}`, fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch });
  } catch (cause) {
    await stop();
    throw new PipelineError('STREAM_UNAVAILABLE', `could not subscribe to ${subscription.topic}`, {
      retryable: true,
      cause,
    });
  }
  return { stop };
};

/** `stop` before `disconnect`: it waits for the batch in hand and leaves the group. */
const endConsumer = async (consumer: Consumer): Promise<void> => {
  await consumer.stop();
  await consumer.disconnect();
};

type WorkerSettings = ConsumptionSettings & { readonly giveUp: (error: PipelineError) => void };

const batchWorker =
  (consumer: Consumer, { topic, batchSize }: Subscription, process: Process, settings: WorkerSettings) =>
  async (payload: EachBatchPayload): Promise<void> => {
    const { batch } = payload;
    let goesOn = true;
    for (let from = 0; goesOn && from < batch.messages.length; from += batchSize) {
      if (!payload.isRunning() || payload.isStale()) return;
      const messages = batch.messages.slice(from, from + batchSize);
      const failure = await work(messages, { batch, topic, process, brokers: settings.brokers });
      if (failure === undefined) await finish(payload, messages.at(-1)?.offset ?? batch.lastOffset());
      else if (isFinal(failure)) settings.giveUp(failure);
      else bringAgain(consumer, payload, messages[0]?.offset ?? '0', settings.retryAfterMs);
      goesOn = failure === undefined;
    }
  };

interface Work {
  readonly batch: EachBatchPayload['batch'];
  readonly topic: Subscription['topic'];
  readonly process: Process;
  readonly brokers: readonly string[];
}

/** Why it is not done, or undefined. */
const work = async (messages: readonly KafkaMessage[], { batch, topic, process, brokers }: Work): Promise<unknown> => {
  const unstamped = messages.find((message) => !isStampedByLog(message));
  if (unstamped !== undefined) return notStamped(batch, unstamped.offset, brokers);
  try {
    await process(messages.map((message) => receivedOf(message, topic, batch.partition)));
    return undefined;
  } catch (error) {
    return error ?? new Error('rejected without a reason');
  }
};

const isFinal = (failure: unknown): failure is PipelineError => failure instanceof PipelineError && !failure.retryable;

const finish = async (payload: EachBatchPayload, lastOffset: string): Promise<void> => {
  const { topic, partition } = payload.batch;
  payload.resolveOffset(lastOffset);
  const offset = (BigInt(lastOffset) + 1n).toString();
  await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
  await payload.heartbeat();
};

/** Nothing of it counts as done: the partition rests, and starts again where the batch began. */
const bringAgain = (consumer: Consumer, payload: EachBatchPayload, offset: string, afterMs: number): void => {
  const resume = payload.pause();
  consumer.seek({ topic: payload.batch.topic, partition: payload.batch.partition, offset });
  setTimeout(resume, afterMs);
};

const receivedOf = (message: KafkaMessage, topic: Subscription['topic'], partition: number): Received => ({
  topic,
  partition,
  offset: Number(message.offset),
  key: message.key?.toString('utf8') ?? '',
  value: message.value?.toString('utf8') ?? '',
  at: Number(message.timestamp),
});

const logAppendTime = 1;

/** The client's types leave out the context in which it decoded a message: record batch v2, attribute bit 3. */
const isStampedByLog = (
  message: KafkaMessage & { readonly batchContext?: { readonly timestampType?: number } },
): boolean => message.batchContext?.timestampType === logAppendTime;

const notStamped = (batch: EachBatchPayload['batch'], offset: string, brokers: readonly string[]): PipelineError => {
  const cure =
    `kafka-configs.sh --bootstrap-server ${brokers.join(',')} --alter --entity-type topics --entity-name ${batch.topic} ` +
    '--add-config message.timestamp.type=LogAppendTime';
  return new PipelineError(
    'CONFIG_INVALID',
    `${batch.topic} partition ${batch.partition} offset ${offset} was stamped by its sender, not by the log: run ${cure} ` +
      '(records that are on the topic already keep their stamps: delete them, or let retention do it)',
    { retryable: false },
  );
};
