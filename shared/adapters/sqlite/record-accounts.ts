import { topics } from '../../definitions/topics.ts';
import { ConnectionId, type TenantId } from '../../domain/ids.ts';
import type { ConnectionAccount, HintOutcome } from '../../ports/record-store.ts';
import type { Database } from './database.ts';

export const accountSchema: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS hint_counts (
    tenant TEXT NOT NULL, connection TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, hints INTEGER NOT NULL,
    PRIMARY KEY (tenant, connection, outcome, reason)) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS hint_counted (
    tenant TEXT NOT NULL, partition INTEGER NOT NULL, up_to INTEGER NOT NULL, PRIMARY KEY (tenant, partition)) WITHOUT ROWID`,
];

export type CountHints = (
  tenant: string,
  connection: string,
  outcome: HintOutcome | 'received',
  reason: string,
  hints: number,
) => void;

export const countHints = (db: Database): CountHints => {
  const add = db.prepare(
    `INSERT INTO hint_counts VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET hints = hints + excluded.hints`,
  );
  return (tenant, connection, outcome, reason, hints) => {
    add.run(tenant, connection, outcome, reason, hints);
  };
};

/**
 * The accounts as they stand. What waits is counted where it waits: in the inbox, and on the stream behind the highest
 * offset counted.
 */
export const readAccounts = (db: Database, tenant: TenantId): readonly ConnectionAccount[] => {
  const counts = db.prepare('SELECT connection, outcome, reason, hints FROM hint_counts WHERE tenant = ?').all(tenant);
  const inStream = waitingInStream(db, tenant);
  const inInbox = waitingInInbox(db, tenant);
  const connections = [...new Set(counts.map((row) => String(row['connection'])))].sort();
  return connections.map((connection) => {
    const own = counts.filter((row) => row['connection'] === connection);
    const sum = (outcome: string): number =>
      own.filter((row) => row['outcome'] === outcome).reduce((total, row) => total + Number(row['hints']), 0);
    const byReason = (outcome: string): Record<string, number> =>
      Object.fromEntries(
        own.filter((row) => row['outcome'] === outcome).map((row) => [String(row['reason']), Number(row['hints'])]),
      );
    return {
      connection: ConnectionId.parse(connection),
      received: sum('received'),
      resolved: sum('resolved'),
      coalesced: sum('coalesced'),
      deduplicated: sum('deduplicated'),
      rejected: byReason('rejected'),
      dead: byReason('dead'),
      waiting: (inStream.get(connection) ?? 0) + (inInbox.get(connection) ?? 0),
    };
  });
};

const waitingInInbox = (db: Database, tenant: TenantId): ReadonlyMap<string, number> =>
  new Map(
    db
      .prepare('SELECT connection, sum(hints) AS hints FROM inbox WHERE tenant = ? GROUP BY connection')
      .all(tenant)
      .map((row) => [String(row['connection']), Number(row['hints'])]),
  );

const waitingInStream = (db: Database, tenant: TenantId): ReadonlyMap<string, number> => {
  const counted = db.prepare('SELECT up_to FROM hint_counted WHERE tenant = ? AND partition = 0').get(tenant);
  const next = counted === undefined ? 0 : Number(counted['up_to']) + 1;
  const rows = db
    .prepare(
      `SELECT first, body FROM stream_batches WHERE topic = ?1 AND first >=
         coalesce((SELECT max(first) FROM stream_batches WHERE topic = ?1 AND first <= ?2), 0) ORDER BY first`,
    )
    .all(topics.webhooks, next);
  const waiting = new Map<string, number>();
  for (const row of rows) {
    const first = Number(row['first']);
    for (const [index, record] of (JSON.parse(String(row['body'])) as [string, number, string][]).entries()) {
      if (first + index < next) continue;
      const connection = record[0].slice(0, record[0].indexOf('/'));
      waiting.set(connection, (waiting.get(connection) ?? 0) + 1);
    }
  }
  return waiting;
};
