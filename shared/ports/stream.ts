import type { Group, Topic } from '../definitions/topics.ts';
import type { Instant } from '../domain/instant.ts';

export interface Outgoing {
  /** Records of one key stay in order. */
  readonly key: string;
  readonly value: string;
  /**
   * The append instant of what caused this record. Engines that let the log stamp (Kafka, LogAppendTime) ignore it;
   * the single node keeps it, so that replaying the same input gives the same decisions.
   */
  readonly at?: Instant;
}

export interface Received {
  readonly topic: Topic;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly value: string;
  /** The append instant. Never the clock of the reader. */
  readonly at: Instant;
}

/**
 * Works a batch. Resolves to what has to come again: where a key failed, that record and every later one of its key; nothing
 * when all is done. Rejects when nothing of the batch counts as done.
 */
export type Work = (batch: readonly Received[]) => Promise<readonly Received[]>;

export interface Consumption {
  /** Ends after the batch in hand; commits it; resolves when nothing more will be delivered. */
  stop(): Promise<void>;
}

export interface Subscription {
  readonly topic: Topic;
  readonly group: Group;
  /** The most records of one call. */
  readonly batchSize: number;
}

/** An ordered, durable log with consumer groups. */
export interface Stream {
  /**
   * Resolves when every record is durable, in this order per key.
   *
   * @throws {PipelineError} `STREAM_UNAVAILABLE`, retryable. Some records may have been appended: consumers drop repeats.
   */
  append(topic: Topic, records: readonly Outgoing[]): Promise<void>;

  /**
   * Delivers each record to one member of the group, at least once, in order per key. When `process` rejects, nothing of
   * that batch counts as done and it comes again, after a pause. A group that is new starts at the first record.
   */
  subscribe(subscription: Subscription, process: (batch: readonly Received[]) => Promise<void>): Promise<Consumption>;
}
