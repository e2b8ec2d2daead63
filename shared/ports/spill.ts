import type { Hint } from '../domain/hint.ts';
import type { Instant } from '../domain/instant.ts';

/** The hints of one delivery that the stream did not take in time. */
export interface SpilledDelivery {
  /** Names it within the spill, for its removal. */
  readonly id: string;
  readonly hints: readonly Hint[];
}

/**
 * Where deliveries wait, durably, while the stream does not answer.
 *
 * Every method may throw {@link PipelineError} `STORE_UNAVAILABLE`, retryable.
 */
export interface Spill {
  /** Resolves when the delivery is durable. A delivery of any size that an entrance takes fits. */
  put(hints: readonly Hint[], wallNow: Instant): Promise<void>;
  /** Deliveries that nobody claimed in the last `limits.spillClaimMs` of wall time, oldest first; claims them. */
  claim(wallNow: Instant, limit: number): Promise<readonly SpilledDelivery[]>;
  /** They are on the stream. */
  remove(ids: readonly string[]): Promise<void>;
  /** Hints that wait, by connection. */
  count(): Promise<ReadonlyMap<string, number>>;
}
