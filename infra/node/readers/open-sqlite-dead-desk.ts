import { sqliteDeadLetters } from '../../../shared/adapters/sqlite/dead-letters.ts';
import type { Instant } from '../../../shared/domain/instant.ts';
import type { DeadDesk } from '../../cli/dead-desk.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { businessNowOf, openStoreFile } from './open-sqlite-reader.ts';
import { openSqliteSending } from './open-sqlite-sending.ts';

/** @throws {PipelineError} `STORE_UNAVAILABLE` when there is no store yet. */
export const openSqliteDeadDesk = async (loaded: LoadedWorkspace): Promise<DeadDesk> => {
  const db = openStoreFile(loaded);
  const businessNow = (): Instant => businessNowOf(db);
  return {
    canRead: async () => true,
    letters: sqliteDeadLetters(db),
    prefix: '',
    businessNow,
    openSending: () => openSqliteSending(loaded, businessNow),
    close: async () => db.close(),
  };
};
