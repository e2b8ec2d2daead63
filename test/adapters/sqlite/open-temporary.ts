import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '#shared/adapters/sqlite/database.ts';

export interface TemporaryFile {
  readonly db: Database;
  readonly file: string;
  remove(): void;
}

/** A real SQLite file in a folder of its own. */
export const openTemporary = (schema: readonly string[]): TemporaryFile => {
  const folder = mkdtempSync(join(tmpdir(), 'regrade-sqlite-'));
  const file = join(folder, 'test.db');
  const db = openDatabase(file, schema);
  return {
    db,
    file,
    remove: () => {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
