import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { sqliteActionStore } from '../../shared/adapters/sqlite/action-store.ts';
import { sqliteCustomerStore, stateOf } from '../../shared/adapters/sqlite/customer-store.ts';
import { type Database, openForReading } from '../../shared/adapters/sqlite/database.ts';
import { readAccounts } from '../../shared/adapters/sqlite/record-accounts.ts';
import { groups, topics } from '../../shared/definitions/topics.ts';
import type { CustomerState } from '../../shared/domain/customer-state.ts';
import { CustomerId, TenantId } from '../../shared/domain/ids.ts';
import type { Instant } from '../../shared/domain/instant.ts';
import { verifyLedger } from '../../shared/domain/ledger.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import { type Profile, profileOf } from '../../shared/domain/profile.ts';
import { compileModel } from '../../shared/grading/compile-model.ts';
import type { Grader } from '../../shared/grading/grader.ts';
import { hashing } from '../../shared/runtime/hashing.ts';
import type { CustomerView, FoundCustomer, GradeView, NodeReader, OpenReader, StreamPosition } from '../cli/reader.ts';
import { storeFileOf } from './open-engine.ts';

const positions = [
  { topic: topics.webhooks, group: groups.resolveRecords },
  { topic: topics.events, group: groups.gradeCustomers },
  { topic: topics.changes, group: groups.actOnChanges },
] as const;

/** Looks into the store of a workspace, whether or not a node writes to it. */
export const openReader: OpenReader = async ({ workspace, models, folder }) => {
  const file = storeFileOf(resolve(folder, workspace.data));
  if (!existsSync(file))
    throw new PipelineError('STORE_UNAVAILABLE', `there is no store at ${file} yet: run "regrade start" first`, {
      retryable: false,
    });
  const db = openForReading(file);
  const tenant = TenantId.parse(workspace.tenant);
  const graders = models.map(({ model, hash }) => compileModel(model, hash));
  const customers = sqliteCustomerStore(db);
  const actions = sqliteActionStore(db, tenant);
  const findState = async (customer: CustomerId): Promise<CustomerState | undefined> =>
    (await customers.findAll(tenant, [customer])).get(customer);

  const reader: NodeReader = {
    findCustomers: async (text, limit) => findCustomers(db, tenant, text, limit),
    readCustomer: async (customer) => {
      const state = await findState(customer);
      return state === undefined ? undefined : viewOf(state, graders, businessNow(db));
    },
    readLedger: (customer) => customers.readLedger(tenant, customer),
    readDeliveries: async (customer, limit) =>
      (await actions.listDeliveries(customer, limit)).map(({ lastError, ...delivery }) => ({
        ...delivery,
        kind: delivery.content.kind,
        ...(lastError === undefined ? {} : { lastError }),
      })),
    readStatus: async () => db.snapshot(() => readStatus(db, tenant)),
    listCustomers: async (after, limit) =>
      db
        .prepare('SELECT customer FROM customers WHERE tenant = ? AND customer > ? ORDER BY customer LIMIT ?')
        .all(tenant, after ?? '', limit)
        .map((row) => CustomerId.parse(row['customer'])),
    verify: async (customer) => {
      const state = await findState(customer);
      const entries = await customers.readLedger(tenant, customer);
      return verifyLedger(entries, state?.ledger ?? { seq: 0, hash: '' }, state?.ledgerKey, hashing);
    },
    close: () => db.close(),
  };
  return reader;
};

/** A node on a simulated clock leaves its time in the store; otherwise it is now. */
const businessNow = (db: Database): Instant => {
  const row = db.prepare("SELECT value FROM node_memory WHERE name = 'business-time'").get();
  return row === undefined ? Date.now() : Number(row['value']);
};

const nameOf = ({ attributes }: Profile): string | undefined => {
  const name = attributes['name'];
  return name === undefined ? undefined : String(name);
};

const foundOf = (customer: CustomerId, profile: Profile): FoundCustomer => {
  const name = nameOf(profile);
  return { customer, ...(name === undefined ? {} : { name }) };
};

/** By full id, else by the end of an id or a part of a name. Names are inside the states: this one looks through all. */
const findCustomers = (db: Database, tenant: TenantId, text: string, limit: number): readonly FoundCustomer[] => {
  const store = db.prepare('SELECT * FROM customers WHERE tenant = ? AND customer = ?');
  const exact = store.get(tenant, text);
  if (exact !== undefined) return [foundOf(CustomerId.parse(text), profileOf(stateOf(tenant, exact).records))];
  const wanted = text.toLowerCase();
  const found: FoundCustomer[] = [];
  let after = '';
  while (found.length < limit) {
    const rows = db
      .prepare('SELECT * FROM customers WHERE tenant = ? AND customer > ? ORDER BY customer LIMIT 500')
      .all(tenant, after);
    for (const row of rows) {
      const state = stateOf(tenant, row);
      const one = foundOf(state.customer, profileOf(state.records));
      if (state.customer.toLowerCase().endsWith(wanted) || one.name?.toLowerCase().includes(wanted) === true)
        found.push(one);
    }
    if (rows.length < 500) break;
    after = String(rows.at(-1)?.['customer']);
  }
  return found.slice(0, limit);
};

const viewOf = (state: CustomerState, graders: readonly Grader[], now: Instant): CustomerView => {
  const profile = profileOf(state.records);
  const at = Math.max(now, state.decidedAt);
  const grades = graders.map((grader, index) => gradeViewOf(state, profile, grader, { at, decides: index === 0 }));
  return { ...foundOf(state.customer, profile), grades };
};

const gradeViewOf = (
  { grades, decidedAt }: CustomerState,
  profile: Profile,
  grader: Grader,
  { at, decides }: { readonly at: Instant; readonly decides: boolean },
): GradeView => {
  const graded = grader.grade(profile, at);
  const held = grades[grader.model.id];
  const label = grader.grades.find(({ id }) => id === held?.grade)?.label;
  return {
    model: grader.model,
    decides,
    grade: held?.grade ?? null,
    ...(label === undefined ? {} : { label }),
    since: held?.since ?? decidedAt,
    gradeNow: graded.effective,
    score: graded.score,
    ...(graded.guard === undefined ? {} : { guard: graded.guard }),
    cuts: grader.cuts,
    contributions: grader.contributions(profile, at),
    tags: graded.tags,
    ...(graded.next === undefined
      ? {}
      : { next: { at: graded.next, to: grader.grade(profile, graded.next).effective } }),
  };
};

const readStatus = (db: Database, tenant: TenantId) => {
  const count = db.prepare('SELECT count(*) AS customers FROM customers WHERE tenant = ?').get(tenant);
  const deliveries = db
    .prepare(
      'SELECT channel, status, count(*) AS deliveries, sum(unknowns) AS unknowns FROM action_delivery WHERE tenant = ? GROUP BY channel, status ORDER BY channel, status',
    )
    .all(tenant);
  return {
    now: businessNow(db),
    customers: Number(count?.['customers'] ?? 0),
    accounts: readAccounts(db, tenant),
    deliveries: deliveries.map((row) => ({
      channel: String(row['channel']),
      status: String(row['status']),
      count: Number(row['deliveries']),
      unknowns: Number(row['unknowns']),
    })),
    positions: positions.map((position) => ({ ...position, lag: lagOf(db, position) })),
  };
};

const lagOf = (db: Database, { topic, group }: Pick<StreamPosition, 'topic' | 'group'>): number => {
  const end = db.prepare('SELECT max(first + records) AS next FROM stream_batches WHERE topic = ?').get(topic);
  const read = db.prepare('SELECT next FROM stream_groups WHERE topic = ? AND reader = ?').get(topic, group);
  return Math.max(0, Number(end?.['next'] ?? 0) - Number(read?.['next'] ?? 0));
};
