import type { Topic } from '../definitions/topics.ts';
import type { Instant } from '../domain/instant.ts';
import type { Outgoing } from './stream.ts';

/** Records that were put together, or a part of them, for one topic. */
export interface RelayedBatch {
  /** Names it within the relay. */
  readonly id: string;
  readonly topic: Topic;
  /** Without the instant of what caused them: the topic stamps them when they come. */
  readonly records: readonly Omit<Outgoing, 'at'>[];
}

/**
 * Where records wait, durably, that whoever wants them on a topic cannot bring there, since no broker is in reach. What was put after
 * another put had resolved comes after it, as far as the clocks of both agree.
 *
 * Every method may throw {@link PipelineError} `STORE_UNAVAILABLE`, retryable.
 */
export interface Relay {
  /**
   * Resolves when all are durable. A failure may have left some: consumers drop repeats.
   *
   * @throws {PipelineError} `STORE_FULL`, not retryable, for a record far beyond what a topic takes.
   */
  put(topic: Topic, records: readonly Outgoing[], wallNow: Instant): Promise<void>;

  /**
   * The first ones, in order; they are the caller's for `limits.relayClaimMs` of wall time. None while somebody else has the
   * first: nothing overtakes.
   *
   * @throws {PipelineError} `STORE_CORRUPT`, not retryable, for one that cannot be read: it is set aside.
   */
  claim(wallNow: Instant, limit: number): Promise<readonly RelayedBatch[]>;

  /** They are on their topics. */
  remove(ids: readonly string[]): Promise<void>;

  /** They will never be taken: kept, counted and not handed out any more, so that they keep nobody back. */
  setAside(ids: readonly string[]): Promise<void>;

  /** Records that wait, by topic. */
  count(): Promise<ReadonlyMap<Topic, number>>;
}
