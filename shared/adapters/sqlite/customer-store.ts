import * as z from 'zod';
import { limits } from '../../definitions/limits.ts';
import { ComingRanks, type CustomerState, HeldGrade } from '../../domain/customer-state.ts';
import { Hold } from '../../domain/hold.ts';
import { CustomerId, type TenantId } from '../../domain/ids.ts';
import { LedgerBody, type LedgerEntry } from '../../domain/ledger.ts';
import { Merges } from '../../domain/merge.ts';
import { packRecords } from '../../domain/packed-records.ts';
import { unpackRecords } from '../../domain/unpacked-records.ts';
import type { CommitOutcome, CustomerCommit, CustomerStore } from '../../ports/customer-store.ts';
import type { Database, Row } from './database.ts';
import { type OwedBy, owedMessages, owedSchema } from './owed-messages.ts';
import { readStored } from './sqlite-failure.ts';

export const customerSchema: readonly string[] = [
  ...owedSchema,
  `CREATE TABLE IF NOT EXISTS customers (
    tenant TEXT NOT NULL, customer TEXT NOT NULL, version INTEGER NOT NULL, decided_at INTEGER NOT NULL,
    due INTEGER, claimed_until INTEGER, records BLOB NOT NULL, held TEXT NOT NULL,
    PRIMARY KEY (tenant, customer))`,
  'CREATE INDEX IF NOT EXISTS customers_due ON customers (tenant, due) WHERE due IS NOT NULL',
  `CREATE TABLE IF NOT EXISTS ledger_entries (
    tenant TEXT NOT NULL, customer TEXT NOT NULL, seq INTEGER NOT NULL, previous TEXT NOT NULL, digest TEXT NOT NULL,
    hash TEXT NOT NULL, PRIMARY KEY (tenant, customer, seq)) WITHOUT ROWID`,
  // apart from the chain, so that erasing a person leaves the chain whole
  `CREATE TABLE IF NOT EXISTS ledger_bodies (
    tenant TEXT NOT NULL, customer TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (tenant, customer, seq))`,
];

const Held = z.object({
  ledgerKey: z.string(),
  ledger: z.object({ seq: z.int(), hash: z.string() }),
  grades: z.record(z.string(), HeldGrade),
  epoch: z.int().optional(),
  coming: ComingRanks.optional(),
  hold: Hold.optional(),
  commands: z.array(z.string()).optional(),
  merges: Merges.optional(),
});

/** Customers and their ledger on one SQLite file. State, entries and pending list are one transaction. */
export const sqliteCustomerStore = (db: Database): CustomerStore => {
  const find = db.prepare('SELECT * FROM customers WHERE tenant = ? AND customer IN (SELECT value FROM json_each(?))');
  const put = putCommit(db);
  const owed = owedMessages(db, 'customer');
  return {
    findAll: async (tenant, customers) => {
      const found = new Map<CustomerId, CustomerState>();
      if (customers.length === 0) return found;
      for (const row of find.all(tenant, JSON.stringify(customers))) {
        const state = stateOf(tenant, row);
        found.set(state.customer, { ...state, pending: owed.of(tenant, state.customer) });
      }
      return found;
    },
    commitAll: async (commits) => {
      const { outcomes, settle } = db.transaction(() => {
        const written = commits.map(put);
        const owing = commits.filter((_, index) => written[index]?.outcome === 'committed').map(({ next }) => next);
        return { outcomes: written, settle: owed.write(commits[0]?.next.tenant ?? '', owing.map(owedByState)) };
      }, 'ordered');
      settle();
      return outcomes;
    },
    markPublished: async (tenant, published) =>
      owed.markPublished(
        tenant,
        published.map(({ customer, version }) => ({ key: customer, version })),
      ),
    findUnpublished: async (tenant, before, limit) =>
      owed.owingSince(tenant, before, limit).map((customer) => CustomerId.parse(customer)),
    claimDue: async (tenant, now, limit) =>
      db.transaction(() => {
        const rows = db
          .prepare(
            `SELECT customer, due FROM customers WHERE tenant = ?1 AND due <= ?2
               AND (claimed_until IS NULL OR claimed_until <= ?2) ORDER BY due LIMIT ?3`,
          )
          .all(tenant, now, limit);
        const claim = db.prepare('UPDATE customers SET claimed_until = ? WHERE tenant = ? AND customer = ?');
        return rows.map((row) => {
          const customer = CustomerId.parse(row['customer']);
          claim.run(now + limits.dueClaimMs, tenant, customer);
          return { customer, due: Number(row['due']) };
        });
      }, 'ordered'),
    listCustomers: async (tenant, after, limit) => {
      const customers = db
        .prepare('SELECT customer FROM customers WHERE tenant = ? AND customer > ? ORDER BY customer LIMIT ?')
        .all(tenant, after ?? '', limit)
        .map((row) => CustomerId.parse(row['customer']));
      return { customers, next: customers.length < limit ? undefined : customers.at(-1) };
    },
    readLedger: async (tenant, customer) => readEntries(db, tenant, customer),
  };
};

const owedByState = ({ customer, version, pending }: CustomerState): OwedBy => ({ key: customer, version, pending });

const putCommit = (db: Database): ((commit: CustomerCommit) => CommitOutcome) => {
  const insert = db.prepare(
    `INSERT INTO customers (version, decided_at, due, records, held, tenant, customer)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const update = db.prepare(
    // a claim belongs to the instant that was claimed
    `UPDATE customers SET claimed_until = CASE WHEN due IS ?3 THEN claimed_until END,
       version = ?1, decided_at = ?2, due = ?3, records = ?4, held = ?5
     WHERE tenant = ?6 AND customer = ?7 AND version = ?8`,
  );
  const entry = db.prepare('INSERT OR REPLACE INTO ledger_entries VALUES (?, ?, ?, ?, ?, ?)');
  const body = db.prepare('INSERT OR REPLACE INTO ledger_bodies VALUES (?, ?, ?, ?)');
  return ({ next, entries }) => {
    const { tenant, customer, version } = next;
    const { ledgerKey, ledger, grades, epoch, coming, hold, commands, merges } = next;
    const held = JSON.stringify({ ledgerKey, ledger, grades, epoch, coming, hold, commands, merges });
    const values = [
      version,
      next.decidedAt,
      next.due ?? null,
      Buffer.from(packRecords(next.records)),
      held,
      tenant,
      customer,
    ];
    const written = version === 1 ? insert.run(...values) : update.run(...values, version - 1);
    if (written.changes === 0) return { outcome: 'lost' };
    for (const link of entries) {
      entry.run(tenant, customer, link.seq, link.previous, link.digest, link.hash);
      if (link.body !== undefined) body.run(tenant, customer, link.seq, JSON.stringify(link.body));
    }
    return { outcome: 'committed' };
  };
};

/** A stored customer, without what it owes. Throws `STORE_CORRUPT` when the row is not what this store writes. */
export const stateOf = (tenant: TenantId, row: Row): CustomerState =>
  readStored('customer', () => readState(tenant, row));

const readState = (tenant: TenantId, row: Row): CustomerState => {
  const { ledgerKey, ledger, grades, ...rest } = Held.parse(JSON.parse(String(row['held'])));
  const { epoch, coming, hold, commands, merges } = rest;
  return {
    tenant,
    customer: CustomerId.parse(row['customer']),
    version: Number(row['version']),
    decidedAt: Number(row['decided_at']),
    records: unpackRecords(row['records'] as Uint8Array),
    grades,
    ...(epoch === undefined ? {} : { epoch }),
    ...(coming === undefined ? {} : { coming }),
    ...(hold === undefined ? {} : { hold }),
    ...(commands === undefined ? {} : { commands }),
    ...(merges === undefined ? {} : { merges }),
    ...(row['due'] === null ? {} : { due: Number(row['due']) }),
    ledgerKey,
    ledger,
    pending: [],
  };
};

const readEntries = (db: Database, tenant: TenantId, customer: CustomerId): readonly LedgerEntry[] =>
  db
    .prepare(
      `SELECT e.*, b.body FROM ledger_entries e LEFT JOIN ledger_bodies b
         ON b.tenant = e.tenant AND b.customer = e.customer AND b.seq = e.seq
       WHERE e.tenant = ? AND e.customer = ? ORDER BY e.seq`,
    )
    .all(tenant, customer)
    .map((row) => ({
      seq: Number(row['seq']),
      previous: String(row['previous']),
      digest: String(row['digest']),
      hash: String(row['hash']),
      body:
        row['body'] === null
          ? undefined
          : readStored('ledger body', () => LedgerBody.parse(JSON.parse(String(row['body'])))),
    }));
