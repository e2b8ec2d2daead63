import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { openEngine } from '../../infra/node/open-engine.ts';
import type { LoadedWorkspace } from '../../infra/node/workspace/load-workspace.ts';
import { unknownCustomer } from '../../shared/domain/customer-state.ts';
import type { Attributes, Fact } from '../../shared/domain/fact.ts';
import { ConnectionId, CustomerId, TenantId } from '../../shared/domain/ids.ts';
import type { RecordState } from '../../shared/domain/profile.ts';
import { type RecordRef, recordKeyOf } from '../../shared/domain/record.ts';
import { sightRecord, unknownRecord } from '../../shared/domain/record-item.ts';
import { compileModel } from '../../shared/grading/compile-model.ts';
import { type Regrading, regradeCustomer } from '../../shared/grading/regrade.ts';
import { systemClock } from '../../shared/runtime/clocks.ts';
import { hashing } from '../../shared/runtime/hashing.ts';
import { inForceOf } from '../kit/fixed-models.ts';
import { benchCustomer, seeded } from './grading-model.ts';
import { accountIdOf, customerOf, isMovable, lowAttributes } from './webhooks.ts';

const tenant = TenantId.parse('default');
const connection = ConnectionId.parse('crm');
const batch = 500;

/**
 * Fills the store of a workspace with customers of 1 to 100 facts each, every one graded and with its first ledger entry,
 * as a node would have left them. Of their records only the accounts are known to `resolve-records`.
 */
export const preload = async (
  { workspace, folder, models }: LoadedWorkspace,
  customers: number,
  tell: (loaded: number) => void,
): Promise<void> => {
  const engine = openEngine({
    folder: resolve(folder, workspace.data),
    tenant,
    clock: systemClock,
    onFatal: (error) => {
      throw error;
    },
  });
  const regrading = { ...inForceOf(models.map(({ model, hash }) => compileModel(model, hash))), hashing };
  const random = seeded(11);
  const now = Date.now();
  for (let first = 0; first < customers; first += batch) {
    const count = Math.min(batch, customers - first);
    const loaded = Array.from({ length: count }, (_, index) => gradedCustomer(first + index, random, now, regrading));
    await engine.customers.commitAll(loaded.map(({ commit }) => commit));
    await engine.records.commitResolved(tenant, {
      ...{ partition: 0, upTo: -1, upToAt: now, inbox: [], hints: [] },
      records: loaded.map(({ item }) => item),
    });
    tell(first + count);
    // a signal to stop is heard in between
    await new Promise((done) => setImmediate(done));
  }
  engine.close();
};

const gradedCustomer = (number: number, random: () => number, now: number, regrading: Regrading) => {
  const { attributes, facts } = benchCustomer(1 + Math.floor(random() * 100), random, now);
  const record: RecordRef = { connection, object: 'account', id: accountIdOf(number) };
  const customer = CustomerId.parse(customerOf(number));
  const { item, event } = accountOf(record, customer, isMovable(number) ? lowAttributes : attributes, now);
  const known = unknownCustomer(tenant, customer, randomBytes(32).toString('hex'));
  const records = new Map(facts.map((fact, index) => recordOfFact(number * 100 + index, fact)));
  const { state, entries } = regradeCustomer({ ...known, records }, [{ event, id: 'preloaded', at: now }], regrading);
  return { commit: { next: { ...state, pending: [] }, entries }, item };
};

/** Keys are spread like those of the product, and as long. */
const recordOfFact = (serial: number, fact: Fact): [string, RecordState] => {
  const key = ((serial * 2_654_435_761) % 2 ** 48).toString(36).padStart(10, '0');
  const version = { assignment: 1, source: fact.at, read: fact.at + 1_500 };
  return [key, { version, retracted: false, attributes: {}, facts: [fact] }];
};

const accountOf = (record: RecordRef, customer: CustomerId, attributes: Attributes, now: number) => {
  const at = now - 86_400_000;
  const says = { kind: 'says' as const, customer, attributes, facts: [], hash: hashing.sha256(recordKeyOf(record)) };
  const sighted = sightRecord(unknownRecord(tenant, record), {
    ...says,
    record,
    source: at,
    read: at,
    delivery: 'preloaded',
  });
  const event = sighted.outcome === 'news' ? sighted.events[0] : undefined;
  if (sighted.outcome !== 'news' || event === undefined) throw new Error('a first sighting is news');
  return { item: sighted.item, event };
};
