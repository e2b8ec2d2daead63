import { topics } from '../definitions/topics.ts';
import { decodeCloudEvent } from '../domain/cloud-event.ts';
import { type CustomerState, unknownCustomer } from '../domain/customer-state.ts';
import { CustomerEvent } from '../domain/event.ts';
import type { CustomerId, TenantId } from '../domain/ids.ts';
import { PipelineError } from '../domain/pipeline-error.ts';
import { type Arrived, type Regrading, regradeCustomer } from '../grading/regrade.ts';
import type { CustomerStore } from '../ports/customer-store.ts';
import type { Received, Stream } from '../ports/stream.ts';
import type { Park } from './park.ts';

export interface GradeCustomersDeps {
  readonly tenant: TenantId;
  readonly customers: CustomerStore;
  readonly stream: Stream;
  readonly regrading: Regrading;
  /** Hex of a fresh secret for a customer's ledger salts. */
  readonly newLedgerKey: (customer: CustomerId) => string;
  readonly park: Park;
}

/** Races lost in a row by one batch before it is given back to the stream. */
const mostRaces = 8;

/** Safe to call twice with the same events: the second call decides nothing and publishes what a crash left pending. */
export const gradeCustomers =
  (deps: GradeCustomersDeps) =>
  async (batch: readonly Received[]): Promise<void> => {
    let arrived = await readArrived(batch, deps);
    for (let race = 0; arrived.size > 0; race += 1) {
      if (race === mostRaces)
        throw new PipelineError('STORE_UNAVAILABLE', 'another writer was always first', { retryable: true });
      arrived = await gradeOnce(arrived, deps);
    }
  };

/** Publishes what these customers still owe: for what no redelivery heals. */
export const publishOwed =
  ({ tenant, customers, stream }: GradeCustomersDeps) =>
  async (ids: readonly CustomerId[]): Promise<void> => {
    const stored = await customers.findAll(tenant, ids);
    await publish([...stored.values()], stream);
    await customers.markPublished(tenant, [...stored.values()].filter(owes));
  };

type ByCustomer = ReadonlyMap<CustomerId, readonly Arrived[]>;

/** Decides and commits; returns the customers for which another writer was first. */
const gradeOnce = async (arrived: ByCustomer, deps: GradeCustomersDeps): Promise<ByCustomer> => {
  const { tenant, customers, stream, regrading, newLedgerKey } = deps;
  const stored = await customers.findAll(tenant, [...arrived.keys()]);
  // acknowledged before the next put, so that every sequence first appears in order
  const owing = [...stored.values()].filter(owes);
  await publish(owing, stream);

  const steps = [...arrived].map(([customer, events]) => {
    const before = stored.get(customer) ?? unknownCustomer(tenant, customer, newLedgerKey(customer));
    return { customer, before, ...regradeCustomer(before, events, regrading) };
  });
  const changed = steps.filter(({ state, before }) => state !== before);
  const outcomes = await customers.commitAll(changed.map(({ state, entries }) => ({ next: state, entries })));
  const committed = changed.filter((_, index) => outcomes[index]?.outcome === 'committed').map(({ state }) => state);
  await publish(committed, stream);

  const untouched = owing.filter((state) => !changed.some(({ customer }) => customer === state.customer));
  await customers.markPublished(tenant, [...committed.filter(owes), ...untouched]);
  const lost = changed.filter((_, index) => outcomes[index]?.outcome === 'lost');
  return new Map(lost.map(({ customer }) => [customer, arrived.get(customer) ?? []]));
};

const owes = ({ pending }: CustomerState): boolean => pending.length > 0;

const publish = async (states: readonly CustomerState[], stream: Stream): Promise<void> => {
  const owed = states.flatMap(({ pending }) => pending);
  if (owed.length > 0) await stream.append(topics.changes, owed);
};

const readArrived = async (batch: readonly Received[], { tenant, park }: GradeCustomersDeps): Promise<ByCustomer> => {
  const arrived = new Map<CustomerId, Arrived[]>();
  for (const record of batch) {
    const decoded = decodeCloudEvent(record.value, CustomerEvent);
    if (!decoded.ok) {
      await park(record, 'unreadable-event', decoded.reason);
      continue;
    }
    const { data, id } = decoded.event;
    if (data.tenant !== tenant) {
      await park(record, 'unreadable-event', `tenant ${data.tenant} is none of ours`);
      continue;
    }
    const known = arrived.get(data.customer);
    if (known === undefined) arrived.set(data.customer, [{ event: data, id, at: record.at }]);
    else known.push({ event: data, id, at: record.at });
  }
  return arrived;
};
