import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteActionStore } from '../../shared/adapters/sqlite/action-store.ts';
import { actionSchema } from '../../shared/adapters/sqlite/action-store-rows.ts';
import { cohortSchema, sqliteCohortStore } from '../../shared/adapters/sqlite/cohort-store.ts';
import { customerSchema, sqliteCustomerStore } from '../../shared/adapters/sqlite/customer-store.ts';
import { openDatabase } from '../../shared/adapters/sqlite/database.ts';
import { sqliteReplay } from '../../shared/adapters/sqlite/dead-letters.ts';
import { sqliteIntake } from '../../shared/adapters/sqlite/intake.ts';
import { modelSchema, sqliteModelRegistry } from '../../shared/adapters/sqlite/model-registry.ts';
import { sqliteProgress } from '../../shared/adapters/sqlite/progress.ts';
import { accountSchema } from '../../shared/adapters/sqlite/record-accounts.ts';
import { recordSchema, sqliteRecordStore } from '../../shared/adapters/sqlite/record-store.ts';
import { sqliteStream, streamSchema } from '../../shared/adapters/sqlite/stream.ts';
import { sqliteTokenStore, tokenSchema } from '../../shared/adapters/sqlite/token-store.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { lockStore } from './node-lock.ts';
import { nodeMemory, nodeSchema } from './node-memory.ts';

export const storeFileOf = (folder: string): string => join(folder, 'regrade.db');

const schema = [
  ...nodeSchema,
  ...streamSchema,
  ...accountSchema,
  ...recordSchema,
  ...customerSchema,
  ...cohortSchema,
  ...modelSchema,
  ...actionSchema,
  ...tokenSchema,
];

export interface EngineSettings {
  /** The data folder. Made when it is not there, for this user alone. */
  readonly folder: string;
  readonly tenant: TenantId;
  readonly clock: Clock;
  readonly onFatal: (error: PipelineError) => void;
}

/**
 * The embedded engine: stream and store on one SQLite file, for one process.
 *
 * @throws {PipelineError} `STORE_IN_USE`, `STORE_CORRUPT`, `STORE_FULL`.
 */
export const openEngine = ({ folder, tenant, clock, onFatal }: EngineSettings) => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = storeFileOf(folder);
  const lock = lockStore(file);
  const db = openLocked(lock, () => openDatabase(file, schema, onFatal));
  // it holds personal data and CRM tokens
  chmodSync(file, 0o600);
  // this process is the only one: what an earlier one had claimed and not brought to its end is free again
  db.transaction(() => {
    db.prepare('UPDATE customers SET claimed_until = NULL WHERE due IS NOT NULL AND claimed_until IS NOT NULL').run();
    db.prepare('UPDATE crm_tokens SET leased_until = 0').run();
  });
  const stream = sqliteStream(db, clock, onFatal);
  return {
    file,
    stream,
    intake: sqliteIntake(db, stream),
    /** For what is sent again out of the dead letters. */
    replay: sqliteReplay(db, stream, tenant),
    records: sqliteRecordStore(db),
    customers: sqliteCustomerStore(db),
    cohorts: sqliteCohortStore(db),
    registry: sqliteModelRegistry(db),
    progress: sqliteProgress(stream),
    actions: sqliteActionStore(db, tenant),
    tokens: sqliteTokenStore(db),
    memory: nodeMemory(db),
    close: () => {
      db.close();
      lock.release();
    },
  };
};

/** A store that cannot be opened is not kept from whoever repairs it. */
const openLocked = <T>(lock: { release(): void }, open: () => T): T => {
  try {
    return open();
  } catch (error) {
    lock.release();
    throw error;
  }
};

export type Engine = ReturnType<typeof openEngine>;
