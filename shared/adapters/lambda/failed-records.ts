import { PipelineError } from '../../domain/pipeline-error.ts';
import type { KafkaBatchResponse } from './consume.ts';

/** Where the event source mapping brings back what is listed. */
export const answerFailed = (response: KafkaBatchResponse): KafkaBatchResponse => response;

/**
 * Where it does not look at what is listed: a call that fails brings its whole batch back, and what had been worked is found to be.
 *
 * @throws {PipelineError} `BATCH_FAILED`, retryable, if anything is listed.
 */
export const throwFailed = (response: KafkaBatchResponse): KafkaBatchResponse => {
  const { length } = response.batchItemFailures;
  if (length === 0) return response;
  throw new PipelineError('BATCH_FAILED', `${length} records have to come again`, { retryable: true });
};
