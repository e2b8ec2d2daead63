import type { Database } from '../../shared/adapters/sqlite/database.ts';

export const nodeSchema: readonly string[] = [
  'CREATE TABLE IF NOT EXISTS node_memory (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
];

/** What an installation remembers of itself from one start to the next. */
export interface Memory {
  recall(name: string): Promise<string | undefined>;
  remember(name: string, value: string): Promise<void>;
}

/** What a node remembers of itself, in its own file. */
export const nodeMemory = (db: Database): Memory => ({
  recall: async (name) => {
    const row = db.prepare('SELECT value FROM node_memory WHERE name = ?').get(name);
    return row === undefined ? undefined : String(row['value']);
  },
  remember: async (name, value) => {
    db.transaction(() => db.prepare('INSERT OR REPLACE INTO node_memory VALUES (?, ?)').run(name, value), 'ordered');
  },
});
