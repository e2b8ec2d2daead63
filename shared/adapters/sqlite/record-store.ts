import * as z from 'zod';
import { CustomerId, type TenantId } from '../../domain/ids.ts';
import { RecordRef, RecordVersion, recordKeyOf } from '../../domain/record.ts';
import type { RecordItem } from '../../domain/record-item.ts';
import type { InboxItem, ReadBackCommit, RecordStore, ResolveCommit, ResolvedHint } from '../../ports/record-store.ts';
import type { Database, Row } from './database.ts';
import { type OwedBy, owedMessages, owedSchema } from './owed-messages.ts';
import { countHints, readAccounts } from './record-accounts.ts';
import { readStored } from './sqlite-failure.ts';

export const recordSchema: readonly string[] = [
  ...owedSchema,
  `CREATE TABLE IF NOT EXISTS records (
    tenant TEXT NOT NULL, record TEXT NOT NULL, version INTEGER NOT NULL, item TEXT NOT NULL,
    PRIMARY KEY (tenant, record))`,
  `CREATE TABLE IF NOT EXISTS inbox (
    tenant TEXT NOT NULL, record TEXT NOT NULL, connection TEXT NOT NULL, ref TEXT NOT NULL, sequence INTEGER NOT NULL,
    hints INTEGER NOT NULL, first_hint INTEGER NOT NULL, last_hint INTEGER NOT NULL, retry_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL, PRIMARY KEY (tenant, record)) WITHOUT ROWID`,
  'CREATE INDEX IF NOT EXISTS inbox_waiting ON inbox (tenant, connection, retry_at)',
];

const StoredItem = z.object({
  record: RecordRef,
  customer: CustomerId.nullable(),
  version: RecordVersion,
  hash: z.string(),
  deleted: z.boolean(),
  recentDeliveries: z.array(z.string()),
});

/** Record items, the inbox and the accounting of hints on one SQLite file. */
export const sqliteRecordStore = (db: Database): RecordStore => {
  const find = db.prepare(
    'SELECT record, version, item FROM records WHERE tenant = ? AND record IN (SELECT value FROM json_each(?))',
  );
  const putItem = putRecord(db);
  const count = countHints(db);
  const owed = owedMessages(db, 'record');
  const commitResolved = resolvedWriter(db, putItem, count);
  const commitReadBack = readBackWriter(db, putItem, count);
  const findByKey = (tenant: TenantId, keys: readonly string[]): ReadonlyMap<string, RecordItem> =>
    new Map(
      find.all(tenant, JSON.stringify(keys)).map((row) => {
        const key = String(row['record']);
        return [key, { ...itemOf(tenant, row), pending: owed.of(tenant, key) }];
      }),
    );
  const commit = (
    tenant: TenantId,
    items: readonly RecordItem[],
    write: () => readonly string[],
  ): readonly string[] => {
    const { lost, settle } = db.transaction(() => {
      const keys = new Set(write());
      const written = items.filter(({ record }) => !keys.has(recordKeyOf(record)));
      return { lost: [...keys], settle: owed.write(tenant, written.map(owedByItem)) };
    }, 'ordered');
    settle();
    return lost;
  };
  return {
    findAll: async (tenant, records) =>
      records.length === 0 ? new Map() : findByKey(tenant, records.map(recordKeyOf)),
    commitResolved: async (tenant, resolved) =>
      commit(tenant, resolved.records, () => commitResolved(tenant, resolved)),
    commitReadBack: async (tenant, answer) => commit(tenant, answer.records, () => commitReadBack(tenant, answer)),
    markPublished: async (tenant, published) =>
      owed.markPublished(
        tenant,
        published.map(({ record, itemVersion }) => ({ key: recordKeyOf(record), version: itemVersion })),
      ),
    findUnpublished: async (tenant, before, limit) => {
      const keys = owed.owingSince(tenant, before, limit);
      const found = findByKey(tenant, keys);
      return keys.flatMap((key) => found.get(key)?.record ?? []);
    },
    findWaiting: async (tenant, connection, wallNow, limit) =>
      db
        .prepare(
          'SELECT * FROM inbox WHERE tenant = ? AND connection = ? AND retry_at <= ? ORDER BY first_hint LIMIT ?',
        )
        .all(tenant, connection, wallNow, limit)
        .map((row) => inboxItemOf(tenant, row)),
    postpone: async (tenant, records, retryAt) => {
      const move = db.prepare('UPDATE inbox SET retry_at = ?, attempts = attempts + 1 WHERE tenant = ? AND record = ?');
      db.transaction(() => {
        for (const record of records) move.run(retryAt, tenant, recordKeyOf(record));
      }, 'ordered');
    },
    readAccounts: async (tenant) => db.snapshot(() => readAccounts(db, tenant)),
  };
};

type PutItem = (item: RecordItem, over: number) => boolean;

const owedByItem = ({ record, itemVersion, pending }: RecordItem): OwedBy => ({
  key: recordKeyOf(record),
  version: itemVersion,
  pending,
});

const putRecord = (db: Database): PutItem => {
  const insert = db.prepare(
    'INSERT INTO records (version, item, tenant, record) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const update = db.prepare('UPDATE records SET version = ?, item = ? WHERE tenant = ? AND record = ? AND version = ?');
  return (item, over) => {
    const { tenant, itemVersion, pending: _, ...stored } = item;
    const values = [itemVersion, JSON.stringify(stored), tenant, recordKeyOf(item.record)];
    return (over === 0 ? insert.run(...values) : update.run(...values, over)).changes > 0;
  };
};

const putAll = (put: PutItem, items: readonly RecordItem[]): readonly string[] =>
  items.filter((item) => !put(item, item.itemVersion - 1)).map((item) => recordKeyOf(item.record));

const resolvedWriter = (db: Database, put: PutItem, count: ReturnType<typeof countHints>) => {
  const counted = db.prepare('SELECT up_to FROM hint_counted WHERE tenant = ? AND partition = ?');
  const setCounted = db.prepare('INSERT OR REPLACE INTO hint_counted VALUES (?, ?, ?)');
  const refresh = db.prepare(
    `INSERT INTO inbox VALUES (?1, ?2, ?3, ?4, 1, 1, ?5, ?5, ?6, 0)
     ON CONFLICT DO UPDATE SET sequence = sequence + 1, hints = hints + 1, last_hint = max(last_hint, ?5)`,
  );
  return (tenant: TenantId, commit: ResolveCommit): readonly string[] => {
    const row = counted.get(tenant, commit.partition);
    const before = row === undefined ? -1 : Number(row['up_to']);
    const lost = putAll(put, commit.records);
    for (const { record, offset, at, retryAt } of commit.inbox)
      if (offset > before)
        refresh.run(tenant, recordKeyOf(record), record.connection, JSON.stringify(record), at, retryAt);
    for (const { hints, connection, outcome, reason } of tally(commit.hints.filter(({ offset }) => offset > before)))
      count(tenant, connection, outcome, reason ?? '', hints);
    if (commit.upTo > before) setCounted.run(tenant, commit.partition, commit.upTo);
    return lost;
  };
};

/** Hints of one connection and outcome together: one row is touched once per batch. */
const tally = (hints: readonly ResolvedHint[]): Iterable<ResolvedHint & { hints: number }> => {
  const tallied = new Map<string, ResolvedHint & { hints: number }>();
  for (const hint of hints) {
    const name = `${hint.connection} ${hint.outcome} ${hint.reason ?? ''}`;
    const known = tallied.get(name);
    if (known === undefined) tallied.set(name, { ...hint, hints: 1 });
    else known.hints += 1;
  }
  return tallied.values();
};

const readBackWriter = (db: Database, put: PutItem, count: ReturnType<typeof countHints>) => {
  const waiting = db.prepare('SELECT sequence, hints FROM inbox WHERE tenant = ? AND record = ?');
  const remove = db.prepare('DELETE FROM inbox WHERE tenant = ? AND record = ?');
  return (tenant: TenantId, commit: ReadBackCommit): readonly string[] => {
    const lost = new Set(putAll(put, commit.records));
    for (const { record, sequence, outcome, reason } of commit.answered) {
      const key = recordKeyOf(record);
      const row = waiting.get(tenant, key);
      // refreshed since the read began: what was read may be older than the newest hint, so it is read again
      if (row === undefined || lost.has(key) || Number(row['sequence']) !== sequence) continue;
      remove.run(tenant, key);
      count(tenant, record.connection, outcome, reason ?? '', 1);
      if (Number(row['hints']) > 1) count(tenant, record.connection, 'coalesced', '', Number(row['hints']) - 1);
    }
    return [...lost];
  };
};

const itemOf = (tenant: TenantId, row: Row): Omit<RecordItem, 'pending'> => ({
  tenant,
  itemVersion: Number(row['version']),
  ...readStored('record', () => StoredItem.parse(JSON.parse(String(row['item'])))),
});

const inboxItemOf = (tenant: TenantId, row: Row): InboxItem => ({
  tenant,
  record: RecordRef.parse(JSON.parse(String(row['ref']))),
  sequence: Number(row['sequence']),
  hints: Number(row['hints']),
  firstHintAt: Number(row['first_hint']),
  lastHintAt: Number(row['last_hint']),
  retryAt: Number(row['retry_at']),
  attempts: Number(row['attempts']),
});
