import { resolve } from 'node:path';
import { stateOf } from '../../../shared/adapters/sqlite/customer-store.ts';
import type { Database } from '../../../shared/adapters/sqlite/database.ts';
import type { CustomerState } from '../../../shared/domain/customer-state.ts';
import { type TenantId, TenantId as TenantIdSchema } from '../../../shared/domain/ids.ts';
import type { OpenPopulation, Population } from '../../cli/population.ts';
import { storeFileOf } from '../open-engine.ts';
import { surveyInThreads } from '../survey-in-threads.ts';
import { businessNowOf, openStoreFile } from './open-sqlite-reader.ts';
import { surveyRows } from './survey-rows.ts';

/** Threads have to be started and to load what they run: fewer customers are asked sooner here. */
const worthThreads = 20_000;
const pageSize = 500;

/** Everybody in the file of the embedded engine. */
export const openSqlitePopulation: OpenPopulation = async (loaded) => {
  const db = openStoreFile(loaded);
  const tenant = TenantIdSchema.parse(loaded.workspace.tenant);
  const { size, last } = measure(db, tenant);
  const survey: Population['survey'] = async (request, done) =>
    size < worthThreads
      ? [surveyRows(db, { tenant, after: 0, upTo: last }, request, done)]
      : surveyInThreads(storeFileOf(resolve(loaded.folder, loaded.workspace.data)), { tenant, last }, request, done);
  return { size, now: businessNowOf(db), pages: () => pagesOf(db, tenant), survey, close: () => db.close() };
};

const measure = (db: Database, tenant: TenantId): { readonly size: number; readonly last: number } => {
  const row = db.prepare('SELECT count(*) AS size, max(rowid) AS last FROM customers WHERE tenant = ?').get(tenant);
  return { size: Number(row?.['size'] ?? 0), last: Number(row?.['last'] ?? 0) };
};

async function* pagesOf(db: Database, tenant: TenantId): AsyncGenerator<readonly CustomerState[]> {
  const page = db.prepare(
    `SELECT rowid AS place, * FROM customers NOT INDEXED WHERE rowid > ? AND tenant = ? ORDER BY rowid LIMIT ${pageSize}`,
  );
  let place = 0;
  for (;;) {
    const rows = page.all(place, tenant);
    if (rows.length > 0) yield rows.map((row) => stateOf(tenant, row));
    if (rows.length < pageSize) return;
    place = Number(rows.at(-1)?.['place']);
  }
}
