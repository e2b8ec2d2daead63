import { PipelineError } from '../../domain/pipeline-error.ts';

/** Runs a call into SQLite and translates its failure. */
export type Attempt = <T>(call: () => T) => T;

/**
 * Reads a stored row by what this store writes.
 *
 * @throws {PipelineError} `STORE_CORRUPT`, not retryable, naming the kind of row: it would be the same the next time.
 */
export const readStored = <T>(kind: string, read: () => T): T => {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof PipelineError) throw cause;
    throw new PipelineError('STORE_CORRUPT', `the store file is damaged: a ${kind} in it cannot be read`, {
      retryable: false,
      cause,
    });
  }
};

/** Translates what SQLite says once: a full disk and a damaged file are not worth a retry, a busy file is. */
export const attempting = (onFatal: (error: PipelineError) => void): Attempt => {
  let told = false;
  return (call) => {
    try {
      return call();
    } catch (cause) {
      const error = translate(cause);
      if (!error.retryable && !told) {
        told = true;
        onFatal(error);
      }
      throw error;
    }
  };
};

const translate = (cause: unknown): PipelineError => {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  const text = cause instanceof Error ? cause.message : String(cause);
  if (code.startsWith('SQLITE_FULL') || /disk is full/i.test(text))
    return new PipelineError('STORE_FULL', 'the disk is full', { retryable: false, cause });
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB') || /malformed|not a database/i.test(text))
    return new PipelineError('STORE_CORRUPT', 'the store file is damaged', { retryable: false, cause });
  return new PipelineError('STORE_UNAVAILABLE', `the store did not answer: ${code === '' ? text : code}`, {
    retryable: true,
    cause,
  });
};
