import type { Received } from './stream.ts';

/** What stands on `regrade.dead`. */
export interface DeadLetters {
  /**
   * Every record that is there at the moment of the call, those of one partition in order; what is appended meanwhile is left out.
   *
   * @throws {PipelineError} `STREAM_UNAVAILABLE` or `STORE_UNAVAILABLE`, retryable.
   */
  read(): AsyncIterable<Received>;
}
