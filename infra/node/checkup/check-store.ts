import { existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { sqliteCustomerStore } from '../../../shared/adapters/sqlite/customer-store.ts';
import { type Database, openForReading } from '../../../shared/adapters/sqlite/database.ts';
import { sqliteModelRegistry } from '../../../shared/adapters/sqlite/model-registry.ts';
import { limits } from '../../../shared/definitions/limits.ts';
import { TenantId } from '../../../shared/domain/ids.ts';
import { PipelineError } from '../../../shared/domain/pipeline-error.ts';
import type { Finding } from '../../cli/checkup.ts';
import { openControl } from '../open-control.ts';
import { storeFileOf } from '../open-engine.ts';
import { businessNowOf, hasTable } from '../readers/open-sqlite-reader.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { checkModels } from './check-models.ts';
import { finding } from './finding.ts';

/** Below this a node may have to stop before anybody looks. */
const leastFreeBytes = 1_000_000_000;
const patienceMs = 2 * limits.dueClaimMs;
const most = 1_000;

/** The one file, whether a node runs on it or not. */
export async function* checkStore(loaded: LoadedWorkspace): AsyncGenerator<Finding, void, undefined> {
  const file = storeFileOf(resolve(loaded.folder, loaded.workspace.data));
  if (!existsSync(file)) {
    yield finding('file:missing', file);
    return;
  }
  yield finding('file:fine', file, megabytes(statSync(file).size));
  const runs = await isRunning(file);
  yield finding(runs ? 'lock:held' : 'lock:free');
  yield await checkDisk(dirname(file));
  const db = openForReading(file);
  try {
    const integrity = checkIntegrity(db);
    yield integrity;
    if (integrity.code === 'integrity:broken') return;
    const tenant = TenantId.parse(loaded.workspace.tenant);
    // a store of an earlier release has none
    if (hasTable(db, 'model_pointers')) yield await checkModels(sqliteModelRegistry(db), tenant, loaded.models);
    yield await checkBacklog(db, tenant, runs);
  } finally {
    db.close();
  }
}

const isRunning = async (file: string): Promise<boolean> => {
  const node = await openControl(file);
  node?.close();
  return node !== undefined;
};

const checkDisk = async (folder: string): Promise<Finding> => {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  return finding(free < leastFreeBytes ? 'disk:low' : 'disk:fine', megabytes(free));
};

const megabytes = (bytes: number): string => String(Math.round(bytes / 1e6));

/** Every page and every index, without comparing rows with indexes: seconds where the whole check takes minutes. */
const checkIntegrity = (db: Database): Finding => {
  try {
    const said = String(db.prepare('PRAGMA quick_check(1)').get()?.['quick_check']);
    return said === 'ok' ? finding('integrity:fine') : finding('integrity:broken', said);
  } catch (error) {
    if (error instanceof PipelineError) return finding('integrity:broken', error.message);
    throw error;
  }
};

/** By the business clock, which may be a simulated one. Nothing is late while no node runs. */
const checkBacklog = async (db: Database, tenant: TenantId, runs: boolean): Promise<Finding> => {
  const before = businessNowOf(db) - patienceMs;
  const row = db
    .prepare(
      'SELECT count(*) AS due FROM customers WHERE tenant = ? AND due <= ? AND (claimed_until IS NULL OR claimed_until <= ?)',
    )
    .get(tenant, before, before);
  const due = Number(row?.['due'] ?? 0);
  const unpublished = (await sqliteCustomerStore(db).findUnpublished(tenant, before, most)).length;
  if (due + unpublished === 0) return finding('backlog:none');
  return finding(runs ? 'backlog:stuck' : 'backlog:waits', String(due), String(unpublished), '0');
};
