import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { PipelineError } from '../../domain/pipeline-error.ts';
import type { Received, Subscription } from '../../ports/stream.ts';
import { whileBeating } from './beating.ts';
import { isStampedByLog, receivedOf } from './received.ts';

export interface BatchWorkSettings {
  readonly consumer: Consumer;
  readonly subscription: Subscription;
  readonly process: (batch: readonly Received[]) => Promise<void>;
  readonly brokers: readonly string[];
  readonly retryAfterMs: number;
  readonly giveUp: (error: PipelineError) => void;
}

export interface BatchWork {
  readonly eachBatch: (payload: EachBatchPayload) => Promise<void>;
  /** True while a batch is worked. */
  readonly isBusy: () => boolean;
  /** Takes no further batch; resolves when the one in hand is worked and committed, or failed. */
  finish(): Promise<void>;
}

/** Hands batches over. Offsets are committed after `process` resolved, and by nothing else. */
export const batchWork = (settings: BatchWorkSettings): BatchWork => {
  let finished = false;
  let inHand: Promise<void> | undefined;

  const workAll = async (payload: EachBatchPayload): Promise<void> => {
    const { messages } = payload.batch;
    const { batchSize } = settings.subscription;
    for (let from = 0; from < messages.length; from += batchSize) {
      if (finished || !payload.isRunning() || payload.isStale()) return;
      const part = messages.slice(from, from + batchSize);
      const failure = await attempt(payload, part, settings);
      if (failure === undefined) await commit(payload, part.at(-1)?.offset ?? payload.batch.lastOffset());
      else {
        afterFailure(payload, part[0]?.offset ?? payload.batch.firstOffset() ?? '0', failure);
        return;
      }
    }
  };

  const afterFailure = (payload: EachBatchPayload, offset: string, failure: unknown): void => {
    // one item that nobody can read must not end every worker in turn: only what is wrong with all of it does
    if (failure instanceof PipelineError && failure.code === 'CONFIG_INVALID') {
      finished = true;
      settings.giveUp(failure);
    } else if (!finished) bringAgain(settings, payload, offset);
  };

  return {
    eachBatch: async (payload) => {
      inHand = workAll(payload);
      try {
        await inHand;
      } finally {
        inHand = undefined;
      }
    },
    isBusy: () => inHand !== undefined,
    finish: async () => {
      finished = true;
      await inHand?.catch(leaveItToTheClient);
    },
  };
};

const leaveItToTheClient = (): void => {
  // the commit failed: the client hears of it too, and the batch comes again
};

/** Why it is not done, or undefined. */
const attempt = async (
  payload: EachBatchPayload,
  messages: readonly KafkaMessage[],
  { subscription, process, brokers }: BatchWorkSettings,
): Promise<unknown> => {
  const { batch } = payload;
  const unstamped = messages.find((message) => !isStampedByLog(message));
  if (unstamped !== undefined) return notStamped(batch, unstamped.offset, brokers);
  const received = messages.map((message) => receivedOf(message, subscription.topic, batch.partition));
  try {
    await whileBeating(payload, () => process(received));
    return undefined;
  } catch (error) {
    return error ?? new Error('rejected without a reason');
  }
};

/** Committed first: a commit that failed brings the batch again instead of staying behind. */
const commit = async (payload: EachBatchPayload, lastOffset: string): Promise<void> => {
  const { topic, partition } = payload.batch;
  const offset = (BigInt(lastOffset) + 1n).toString();
  await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
  payload.resolveOffset(lastOffset);
  await payload.heartbeat();
};

/** Nothing of it counts as done: the partition rests, and starts again where the batch began. */
const bringAgain = ({ consumer, retryAfterMs }: BatchWorkSettings, payload: EachBatchPayload, offset: string): void => {
  const resume = payload.pause();
  consumer.seek({ topic: payload.batch.topic, partition: payload.batch.partition, offset });
  setTimeout(resume, retryAfterMs);
};

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
