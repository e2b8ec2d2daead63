import { Delivery, type DeliveryStatus, isWaiting, laneOf } from '../../domain/delivery.ts';
import type { Database, Row, Value } from './database.ts';

/**
 * `phase`: 1 waits, 2 is in flight, 0 is at rest. `position` is the order of decisions. `claimed_until` keeps due entries from
 * being published again while a lagging topic still holds them.
 */
export const actionSchema: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS action_state (
    tenant TEXT NOT NULL, customer TEXT NOT NULL, version INTEGER NOT NULL, due_at INTEGER, claimed_until INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL, PRIMARY KEY (tenant, customer))`,
  'CREATE INDEX IF NOT EXISTS action_state_due ON action_state (tenant, due_at) WHERE due_at IS NOT NULL',
  `CREATE TABLE IF NOT EXISTS action_delivery (
    position INTEGER PRIMARY KEY, tenant TEXT NOT NULL, id TEXT NOT NULL, customer TEXT NOT NULL, channel TEXT NOT NULL,
    lane TEXT NOT NULL, kind TEXT NOT NULL, rule TEXT NOT NULL, change TEXT NOT NULL, content TEXT NOT NULL,
    phase INTEGER NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL, unknowns INTEGER NOT NULL,
    due_at INTEGER NOT NULL, claimed_until INTEGER NOT NULL DEFAULT 0, first_sent_at INTEGER, sent_at INTEGER,
    last_error TEXT, digest TEXT, created_at INTEGER NOT NULL, UNIQUE (tenant, id))`,
  'CREATE INDEX IF NOT EXISTS action_delivery_waiting ON action_delivery (tenant, channel, due_at, position) WHERE phase = 1',
  'CREATE INDEX IF NOT EXISTS action_delivery_due ON action_delivery (tenant, due_at, claimed_until) WHERE phase = 1',
  'CREATE INDEX IF NOT EXISTS action_delivery_lane ON action_delivery (tenant, lane, position) WHERE phase > 0',
  'CREATE INDEX IF NOT EXISTS action_delivery_customer ON action_delivery (tenant, customer, position)',
  'CREATE INDEX IF NOT EXISTS action_delivery_count ON action_delivery (tenant, channel, status, unknowns)',
  // one row per attempt on a channel with a pace, as long as it counts
  'CREATE TABLE IF NOT EXISTS action_pace (tenant TEXT NOT NULL, channel TEXT NOT NULL, sent_at INTEGER NOT NULL)',
  'CREATE INDEX IF NOT EXISTS action_pace_channel ON action_pace (tenant, channel, sent_at)',
  `CREATE TABLE IF NOT EXISTS action_channel (
    tenant TEXT NOT NULL, channel TEXT NOT NULL, reason TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (tenant, channel)) WITHOUT ROWID`,
];

const phaseOf = (status: DeliveryStatus): number => (isWaiting(status) ? 1 : status === 'sending' ? 2 : 0);

/** Columns of a new delivery, in the order of {@link insertDelivery}. */
export const newRow = (tenant: string, delivery: Delivery, claimedUntil: number): Value[] => [
  tenant,
  delivery.id,
  delivery.customer,
  delivery.channel,
  laneOf(delivery),
  delivery.content.kind,
  delivery.rule,
  delivery.change,
  JSON.stringify(delivery.content),
  phaseOf(delivery.status),
  delivery.status,
  delivery.attempts,
  delivery.unknowns,
  delivery.dueAt,
  claimedUntil,
  delivery.lastError ?? null,
  delivery.createdAt,
];

export const insertDelivery = `INSERT INTO action_delivery
  (tenant, id, customer, channel, lane, kind, rule, change, content, phase, status, attempts, unknowns, due_at, claimed_until, last_error, created_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, id) DO NOTHING`;

/** What an attempt or its result changes, in the order of {@link updateDelivery}. */
export const changedRow = (tenant: string, delivery: Delivery): Value[] => [
  phaseOf(delivery.status),
  delivery.status,
  delivery.attempts,
  delivery.unknowns,
  delivery.dueAt,
  delivery.firstSentAt ?? null,
  delivery.sentAt ?? null,
  delivery.lastError ?? null,
  tenant,
  delivery.id,
];

export const updateDelivery = `UPDATE action_delivery SET phase = ?, status = ?, attempts = ?, unknowns = ?, due_at = ?,
  first_sent_at = ?, sent_at = ?, last_error = ?, claimed_until = 0 WHERE tenant = ? AND id = ?`;

/** A grade that waits or is held while a newer write of the same customer, rule and channel is there. */
const outdated = `kind = 'grade' AND status IN ('pending', 'retry', 'unknown', 'held') AND EXISTS (SELECT 1 FROM action_delivery n
  WHERE n.tenant = action_delivery.tenant AND n.customer = action_delivery.customer AND n.position > action_delivery.position
  AND n.kind = 'grade' AND n.channel = action_delivery.channel AND n.rule = action_delivery.rule)`;

/** Closes a customer's writes of a grade that a newer one has taken the place of. */
export const supersedeGrades = (db: Database, tenant: string, customer: string): void => {
  db.prepare(
    `UPDATE action_delivery SET phase = 0, status = 'superseded' WHERE tenant = ? AND customer = ? AND ${outdated}`,
  ).run(tenant, customer);
};

/** What a query over whole rows finds. */
export const readDeliveries = (db: Database, sql: string, ...values: Value[]): readonly Delivery[] =>
  db
    .prepare(sql)
    .all(...values)
    .map(deliveryOf);

const deliveryOf = (row: Row): Delivery =>
  Delivery.parse({
    id: row['id'],
    customer: row['customer'],
    channel: row['channel'],
    rule: row['rule'],
    change: row['change'],
    content: JSON.parse(String(row['content'])) as unknown,
    status: row['status'],
    attempts: row['attempts'],
    unknowns: row['unknowns'],
    dueAt: row['due_at'],
    firstSentAt: row['first_sent_at'] ?? undefined,
    sentAt: row['sent_at'] ?? undefined,
    lastError: row['last_error'] ?? undefined,
    digest: row['digest'] ?? undefined,
    createdAt: row['created_at'],
  });
