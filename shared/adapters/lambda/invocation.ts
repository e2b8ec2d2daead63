import { PipelineError } from '../../domain/pipeline-error.ts';

/** What we use of the context that Lambda gives to a handler. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** For a log line. Only our own messages are quoted: a foreign one might quote what it choked on. */
export const failureOf = (error: unknown): { readonly failure: string; readonly detail?: string } =>
  error instanceof PipelineError
    ? { failure: error.code, detail: error.message }
    : { failure: error instanceof Error ? error.name : 'unknown' };
