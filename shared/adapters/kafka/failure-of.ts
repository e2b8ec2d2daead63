import { PipelineError } from '../../domain/pipeline-error.ts';

const refusals = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
]);

/**
 * The client's error in our words: `CONFIG_INVALID` where the cluster answered that we may not, for asking again will not change
 * its mind; else `STREAM_UNAVAILABLE`, retryable, and `what` did not succeed. One of ours stays as it is.
 */
export const failureOf = (what: string, cause: unknown): PipelineError => {
  if (cause instanceof PipelineError) return cause;
  const refusal = refusalIn(cause);
  return refusal === undefined
    ? new PipelineError('STREAM_UNAVAILABLE', what, { retryable: true, cause })
    : new PipelineError('CONFIG_INVALID', `the cluster refuses us: ${refusal.message}`, { retryable: false, cause });
};

const refusalIn = (error: unknown): Error | undefined => {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'KafkaJSSASLAuthenticationError') return error;
  if ('type' in error && typeof error.type === 'string' && refusals.has(error.type)) return error;
  return error.cause === error ? undefined : refusalIn(error.cause);
};
