import Libsql from 'libsql';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';

/**
 * Keeps a second node off the same store. The lock is the operating system's, held through an open transaction on a file
 * of its own: it ends with the process, however that ends.
 *
 * @throws {PipelineError} `STORE_IN_USE`, `STORE_UNAVAILABLE` where the file cannot be written; neither retryable.
 */
export const lockStore = (file: string): { release(): void } => {
  let lock: Libsql.Database | undefined;
  try {
    lock = new Libsql(`${file}.lock`);
    lock.exec('PRAGMA busy_timeout=0');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock?.close();
    if (!isBusy(cause))
      throw new PipelineError('STORE_UNAVAILABLE', `${file}.lock cannot be locked: may this user write there?`, {
        retryable: false,
        cause,
      });
    throw new PipelineError(
      'STORE_IN_USE',
      `another node is running on ${file}: stop it first, or give this one a data folder of its own`,
      {
        retryable: false,
        cause,
      },
    );
  }
  const held = lock;
  return { release: () => held.close() };
};

const isBusy = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'SQLITE_BUSY';
