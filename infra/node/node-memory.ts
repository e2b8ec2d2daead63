import type { Database } from '../../shared/adapters/sqlite/database.ts';
import { CustomerId, type TenantId } from '../../shared/domain/ids.ts';

export const nodeSchema: readonly string[] = [
  'CREATE TABLE IF NOT EXISTS node_memory (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
];

/** What a node remembers of itself from one start to the next. */
export const nodeMemory = (db: Database) => ({
  recall: (name: string): string | undefined => {
    const row = db.prepare('SELECT value FROM node_memory WHERE name = ?').get(name);
    return row === undefined ? undefined : String(row['value']);
  },
  remember: (name: string, value: string): void => {
    db.transaction(() => db.prepare('INSERT OR REPLACE INTO node_memory VALUES (?, ?)').run(name, value), 'ordered');
  },
  /** Customers by id, after the one given. */
  listCustomers: (tenant: TenantId, after: string, limit: number): readonly CustomerId[] =>
    db
      .prepare('SELECT customer FROM customers WHERE tenant = ? AND customer > ? ORDER BY customer LIMIT ?')
      .all(tenant, after, limit)
      .map((row) => CustomerId.parse(row['customer'])),
});

export type NodeMemory = ReturnType<typeof nodeMemory>;
