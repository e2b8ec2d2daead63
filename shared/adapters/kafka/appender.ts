import type { PipelineError } from '../../domain/pipeline-error.ts';
import type { Outgoing } from '../../ports/stream.ts';
import { type Addressed, countForOneRequest, partsOf } from './append-parts.ts';
import type { EnduringProducer } from './enduring-producer.ts';
import { failureOf } from './failure-of.ts';

export interface AppendOptions {
  /**
   * Rejects after so many milliseconds. What was not sent by then never will be; what is on its way may still arrive.
   * Without it a call is answered as soon as its request is: within ten seconds, plus those of the requests before it.
   */
  readonly deadlineMs?: number;
}

export interface Appender {
  /** @throws {PipelineError} `STREAM_UNAVAILABLE`, retryable. Some records may have been appended. */
  append(topic: string, records: readonly Outgoing[], options?: AppendOptions): Promise<void>;
  /** Ends after what was asked for, or at the first failure. */
  close(): Promise<void>;
}

interface Waiting extends Addressed {
  readonly settle: (failure?: PipelineError) => void;
  readonly isSettled: () => boolean;
}

/** Appends in the order of the calls: one request in flight, and whatever is asked for meanwhile goes into the next one. */
export const kafkaAppender = (producer: Pick<EnduringProducer, 'send' | 'close'>): Appender => {
  let queue: Waiting[] = [];
  let draining: Promise<void> | undefined;
  let closing = false;

  const take = (): readonly Waiting[] => {
    queue = queue.filter((waiting) => !waiting.isSettled());
    return queue.splice(0, countForOneRequest(queue));
  };

  const drain = async (): Promise<void> => {
    for (let group = take(); group.length > 0; group = take()) {
      try {
        for (const part of partsOf(group)) await producer.send(part);
        for (const { settle } of group) settle();
      } catch (cause) {
        const failed = closing ? [...group, ...queue.splice(0)] : group;
        for (const { topic, settle } of failed) settle(unavailable(topic, cause));
      }
    }
    draining = undefined;
  };

  return {
    append: (topic, records, { deadlineMs } = {}) =>
      new Promise((resolve, reject) => {
        queue.push(waitingOf({ topic, records }, deadlineMs, (failure) => (failure ? reject(failure) : resolve())));
        draining ??= Promise.resolve().then(drain);
      }),
    close: async () => {
      closing = true;
      await draining;
      await producer.close();
    },
  };
};

const waitingOf = (
  addressed: Addressed,
  deadlineMs: number | undefined,
  answer: (failure?: PipelineError) => void,
): Waiting => {
  let settled = false;
  const settle = (failure?: PipelineError): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    answer(failure);
  };
  const overdue = (): void =>
    settle(unavailable(addressed.topic, new Error(`not appended within ${deadlineMs ?? 0} ms`)));
  const timer = deadlineMs === undefined ? undefined : setTimeout(overdue, deadlineMs);
  return { ...addressed, settle, isSettled: () => settled };
};

const unavailable = (topic: string, cause: unknown): PipelineError => failureOf(`could not append to ${topic}`, cause);
