import { PipelineError } from '../domain/pipeline-error.ts';

/**
 * A failure for a log line. Only our own messages are quoted: a foreign one might quote what it choked on. Of what lies under
 * ours the name is told.
 */
export const loggedFailure = (
  error: unknown,
): { readonly failure: string; readonly detail?: string; readonly cause?: string } => {
  if (!(error instanceof PipelineError)) return { failure: nameOf(error) };
  const { code: failure, message: detail, cause } = error;
  return cause === undefined ? { failure, detail } : { failure, detail, cause: nameOf(cause) };
};

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
