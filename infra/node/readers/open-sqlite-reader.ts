import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { sqliteActionStore } from '../../../shared/adapters/sqlite/action-store.ts';
import { sqliteCohortStore } from '../../../shared/adapters/sqlite/cohort-store.ts';
import { sqliteCustomerStore, stateOf } from '../../../shared/adapters/sqlite/customer-store.ts';
import { type Database, openForReading } from '../../../shared/adapters/sqlite/database.ts';
import { sqliteModelRegistry } from '../../../shared/adapters/sqlite/model-registry.ts';
import { readAccounts } from '../../../shared/adapters/sqlite/record-accounts.ts';
import { CustomerId, TenantId } from '../../../shared/domain/ids.ts';
import type { Instant } from '../../../shared/domain/instant.ts';
import { PipelineError } from '../../../shared/domain/pipeline-error.ts';
import { profileOf } from '../../../shared/domain/profile.ts';
import type { FoundCustomer, ModelsView, OpenReader, StatusView, StreamPosition } from '../../cli/reader.ts';
import { storeFileOf } from '../open-engine.ts';
import { positions } from '../positions.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { readsOfCohorts } from './cohort-view.ts';
import { foundOf, readsOfCustomer } from './customer-view.ts';
import { publishedGraders } from './published-graders.ts';

/** The reader of the embedded engine. */
export const openSqliteReader: OpenReader = async (loaded) => {
  const db = openStoreFile(loaded);
  const tenant = TenantId.parse(loaded.workspace.tenant);
  const customers = sqliteCustomerStore(db);
  const actions = sqliteActionStore(db, tenant);
  // a store of an earlier release has none
  const registry = hasTable(db, 'model_pointers') ? sqliteModelRegistry(db) : undefined;
  const { live: graders, all: deciders } = await publishedGraders(registry, tenant, loaded.models);
  const readModels = async (): Promise<ModelsView> => ({
    pointer: await registry?.readPointer(tenant),
    versions: (await registry?.listVersions(tenant)) ?? [],
  });
  return {
    ...readsOfCustomer({
      tenant,
      customers,
      actions,
      // made when it is asked: a store of an earlier release has no cohorts
      findHeads: (of, cohorts) => sqliteCohortStore(db).findHeads(of, cohorts),
      graders,
      deciders,
      businessNow: () => businessNowOf(db),
    }),
    ...readsOfCohorts({ tenant, graders, openCohorts: () => sqliteCohortStore(db) }),
    findCustomers: async (text, limit) => ({ found: findCustomers(db, tenant, text, limit), complete: true }),
    readStatus: async () => ({
      ...db.snapshot(() => readStatus(db, tenant)),
      disabled: await actions.readDisabledChannels(),
      models: await registry?.readPointer(tenant),
    }),
    readModels,
    listCustomers: (after, limit) => customers.listCustomers(tenant, after, limit),
    close: () => db.close(),
  };
};

/** @throws {PipelineError} `STORE_UNAVAILABLE` when there is no store yet. */
export const openStoreFile = ({ workspace, folder }: LoadedWorkspace): Database => {
  const file = storeFileOf(resolve(folder, workspace.data));
  if (existsSync(file)) return openForReading(file);
  throw new PipelineError('STORE_UNAVAILABLE', `there is no store at ${file} yet: run "regrade start" first`, {
    retryable: false,
  });
};

/** A node on a simulated clock leaves its time in the store; otherwise it is now. */
export const businessNowOf = (db: Database): Instant => {
  const row = db.prepare("SELECT value FROM node_memory WHERE name = 'business-time'").get();
  return row === undefined ? Date.now() : Number(row['value']);
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

export const hasTable = (db: Database, name: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined;

const readStatus = (db: Database, tenant: TenantId): Omit<StatusView, 'disabled' | 'models'> => {
  const count = db.prepare('SELECT count(*) AS customers FROM customers WHERE tenant = ?').get(tenant);
  const deliveries = db
    .prepare(
      'SELECT channel, status, count(*) AS deliveries, sum(unknowns) AS unknowns FROM action_delivery WHERE tenant = ? GROUP BY channel, status ORDER BY channel, status',
    )
    .all(tenant);
  return {
    now: businessNowOf(db),
    customers: Number(count?.['customers'] ?? 0),
    accounts: readAccounts(db, tenant),
    deliveries: deliveries.map((row) => ({
      channel: String(row['channel']),
      status: String(row['status']),
      count: Number(row['deliveries']),
      unknowns: Number(row['unknowns']),
    })),
    positions: positions.map((position) => ({ ...position, lag: lagOf(db, position) })),
    spilled: {},
    relayed: {},
  };
};

const lagOf = (db: Database, { topic, group }: Pick<StreamPosition, 'topic' | 'group'>): number => {
  const end = db.prepare('SELECT max(first + records) AS next FROM stream_batches WHERE topic = ?').get(topic);
  const read = db.prepare('SELECT next FROM stream_groups WHERE topic = ? AND reader = ?').get(topic, group);
  return Math.max(0, Number(end?.['next'] ?? 0) - Number(read?.['next'] ?? 0));
};
