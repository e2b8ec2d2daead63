import type { Hint } from '../domain/hint.ts';

/** Takes hints in, for good. */
export interface Intake {
  /**
   * Resolves when every hint of the delivery is durable and counted as received: only then may the sender be told so.
   *
   * @throws {PipelineError} `STORE_UNAVAILABLE` or `STREAM_UNAVAILABLE`, retryable: nothing was taken.
   */
  accept(hints: readonly Hint[]): Promise<void>;
}
