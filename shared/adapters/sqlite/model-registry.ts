import type { TenantId } from '../../domain/ids.ts';
import { ModelPointer, ModelVersion } from '../../domain/model-pointer.ts';
import type { ModelRegistry } from '../../ports/model-registry.ts';
import type { Database, Durability, Row } from './database.ts';
import { readStored } from './sqlite-failure.ts';

export const modelSchema: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS model_versions (
    tenant TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, hash TEXT NOT NULL, content TEXT NOT NULL,
    at INTEGER NOT NULL, by TEXT NOT NULL, why TEXT NOT NULL, PRIMARY KEY (tenant, id, version))`,
  `CREATE TABLE IF NOT EXISTS model_pointers (
    tenant TEXT PRIMARY KEY, revision INTEGER NOT NULL, pointer TEXT NOT NULL) WITHOUT ROWID`,
];

/** Published models and the pointer on one SQLite file. */
export const sqliteModelRegistry = (db: Database): ModelRegistry => {
  const putPointer = pointerWriter(db);
  const find = db.prepare('SELECT * FROM model_versions WHERE tenant = ? AND id = ? AND version = ?');
  return {
    register: async (tenant, { id, version, hash, content, at, by, why }) =>
      db.transaction(() => {
        const row = find.get(tenant, id, version);
        if (row !== undefined) {
          const stored = versionOf(row);
          return { outcome: stored.hash === hash ? 'known' : 'taken', stored };
        }
        db.prepare('INSERT INTO model_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
          ...[tenant, id, version, hash, content, at, by, why],
        );
        return { outcome: 'registered' };
      }),
    findVersions: async (tenant, wanted) =>
      wanted.flatMap(({ id, version }) => {
        const row = find.get(tenant, id, version);
        return row === undefined ? [] : [versionOf(row)];
      }),
    listVersions: async (tenant) =>
      db.prepare('SELECT * FROM model_versions WHERE tenant = ? ORDER BY id, version').all(tenant).map(versionOf),
    readPointer: async (tenant) => {
      const row = db.prepare('SELECT pointer FROM model_pointers WHERE tenant = ?').get(tenant);
      if (row === undefined) return undefined;
      return readStored('pointer to the models', () => ModelPointer.parse(JSON.parse(String(row['pointer']))));
    },
    putPointer: async (tenant, pointer) => db.transaction(() => putPointer(tenant, pointer), durabilityOf(pointer)),
  };
};

/** How far a walk is may be forgotten with everything after it; that somebody was told of a phase may not. */
const durabilityOf = ({ building }: ModelPointer): Durability =>
  building?.cursor === undefined ? 'synced' : 'ordered';

const pointerWriter =
  (db: Database) =>
  (tenant: TenantId, pointer: ModelPointer): boolean => {
    const values = [pointer.revision, JSON.stringify(pointer), tenant] as const;
    const written =
      pointer.revision === 1
        ? db
            .prepare('INSERT INTO model_pointers (revision, pointer, tenant) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
            .run(...values)
        : db
            .prepare('UPDATE model_pointers SET revision = ?1, pointer = ?2 WHERE tenant = ?3 AND revision = ?1 - 1')
            .run(...values);
    return written.changes > 0;
  };

const versionOf = (row: Row): ModelVersion => readStored('model', () => ModelVersion.parse(row));
