import { PipelineError } from '../../domain/pipeline-error.ts';

const refusals = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
]);

const tooLarge = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/**
 * The client's error in our words: `RECORD_TOO_LARGE`; `CONFIG_INVALID` where the cluster answered that we may not, for asking again will not change
 * its mind; else `STREAM_UNAVAILABLE`, retryable, and `what` did not succeed. One of ours stays as it is.
 */
export const failureOf = (what: string, cause: unknown): PipelineError => {
  if (cause instanceof PipelineError) return cause;
  if (findIn(cause, tooLarge) !== undefined)
    return new PipelineError('RECORD_TOO_LARGE', what, { retryable: false, cause });
  const refusal = findIn(cause, refusals);
  return refusal === undefined
    ? new PipelineError('STREAM_UNAVAILABLE', what, { retryable: true, cause })
    : new PipelineError('CONFIG_INVALID', `the cluster refuses us: ${refusal.message}`, { retryable: false, cause });
};

/** The protocol's error of one of these types, wherever it lies among the causes. */
const findIn = (error: unknown, types: ReadonlySet<string>): Error | undefined => {
  if (!(error instanceof Error)) return undefined;
  if (types === refusals && error.name === 'KafkaJSSASLAuthenticationError') return error;
  if ('type' in error && typeof error.type === 'string' && types.has(error.type)) return error;
  return error.cause === error ? undefined : findIn(error.cause, types);
};
