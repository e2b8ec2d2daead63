import type { EventDesk } from '../../cli/event-desk.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { businessNowOf, openStoreFile } from './open-sqlite-reader.ts';
import { openSqliteSending } from './open-sqlite-sending.ts';

/** @throws {PipelineError} `STORE_UNAVAILABLE` when there is no store yet. */
export const openSqliteEventDesk = async (loaded: LoadedWorkspace): Promise<EventDesk> => {
  const db = openStoreFile(loaded);
  const businessNow = () => businessNowOf(db);
  try {
    const { stream, waits, close } = await openSqliteSending(loaded, businessNow);
    const closeBoth = async (): Promise<void> => {
      try {
        await close();
      } finally {
        db.close();
      }
    };
    return { stream, waits, businessNow, close: closeBoth };
  } catch (error) {
    db.close();
    throw error;
  }
};
