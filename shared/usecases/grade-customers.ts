import { decodeCloudEvent } from '../domain/cloud-event.ts';
import { type CustomerState, unknownCustomer } from '../domain/customer-state.ts';
import { CustomerEvent } from '../domain/event.ts';
import type { CustomerId, TenantId } from '../domain/ids.ts';
import type { Hashing } from '../domain/ledger.ts';
import { isRetryable } from '../domain/pipeline-error.ts';
import type { InForce } from '../grading/in-force.ts';
import type { Arrived, Regraded, Regrading } from '../grading/regrade.ts';
import type { CohortStore } from '../ports/cohort-store.ts';
import type { CustomerStore } from '../ports/customer-store.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Received, Stream, Work } from '../ports/stream.ts';
import type { Trail } from '../ports/trail.ts';
import { decideCustomers } from './decide-customers.ts';
import type { InForceReader } from './models-in-force.ts';
import type { Park } from './park.ts';
import { isChange, owes, publishAll } from './publish-owed.ts';
import { trailOfGraded } from './trail-of-graded.ts';

export interface GradeCustomersDeps {
  readonly tenant: TenantId;
  readonly customers: CustomerStore;
  /** Whose cuts decisions go by. */
  readonly cohorts: Pick<CohortStore, 'findHeads'>;
  readonly stream: Stream;
  readonly models: InForceReader;
  readonly hashing: Hashing;
  /** Hex of a fresh secret for a customer's ledger salts. */
  readonly newLedgerKey: (customer: CustomerId) => string;
  readonly park: Park;
  readonly metrics: Metrics;
  /** For figures only: seconds from receipt to change. */
  readonly wallNow: () => number;
  /** Nobody follows where it is absent. */
  readonly trail?: Trail;
}

const stage = 'grade-customers';
/** Races lost in a row by one batch before its customers are given back to the stream. */
const mostRaces = 8;

/**
 * Safe to call twice with the same events: the second call decides nothing and publishes what a crash left pending. The events
 * of customers that could not be written come back.
 */
export const gradeCustomers =
  (deps: GradeCustomersDeps): Work =>
  async (batch) => {
    deps.metrics.count(stage, 'in', batch.length);
    const arrived = await readArrived(batch, deps);
    const failed = new Set<CustomerId>();
    let open: Round = { arrived, known: new Map() };
    for (let race = 0; open.arrived.size > 0 && race < mostRaces; race += 1) open = await gradeOnce(open, failed, deps);
    for (const customer of open.arrived.keys()) failed.add(customer);
    if (failed.size === 0) return [];
    deps.metrics.count(stage, 'retried', failed.size);
    const again = new Set([...failed].flatMap((customer) => arrived.get(customer)?.map(({ record }) => record) ?? []));
    return batch.filter((record) => again.has(record));
  };

type Event = Arrived & { readonly record: Received };
type ByCustomer = ReadonlyMap<CustomerId, readonly Event[]>;

interface Round {
  readonly arrived: ByCustomer;
  /** What a lost race told of these customers: they need not be read again. */
  readonly known: ReadonlyMap<CustomerId, CustomerState>;
}

/** Decides and commits; returns the customers for which another writer was first. */
const gradeOnce = async (round: Round, failed: Set<CustomerId>, deps: GradeCustomersDeps): Promise<Round> => {
  const { tenant, customers, stream } = deps;
  const stored = await loadAll(round, deps);
  // acknowledged before the next put, so that every sequence first appears in order
  const owing = [...stored.values()].filter(owes);
  await publishAll(owing, stream);

  const open = [...round.arrived].map(([customer, events]) => ({
    customer,
    events,
    before: stored.get(customer) ?? unknownCustomer(tenant, customer, deps.newLedgerKey(customer)),
  }));
  const steps = await decideByNewest(open, deps);
  for (const { customer, outdated } of steps) if (outdated) failed.add(customer);
  await parkRefused(steps, deps);
  const changed = steps.filter(({ state, before }) => state !== before);
  const outcomes = await customers.commitAll(changed.map(({ state, entries }) => ({ next: state, entries })));
  const committed = changed.filter((_, index) => outcomes[index]?.outcome === 'committed');
  await publishAll(
    committed.map(({ state }) => state),
    stream,
  );
  report(committed, steps.length - changed.length, deps);
  if (deps.trail !== undefined)
    trailOfGraded(stage, { committed, idle: steps.filter((step) => !changed.includes(step)) }, deps.trail);

  const untouched = owing.filter((state) => !changed.some(({ customer }) => customer === state.customer));
  const published = [...committed.map(({ state }) => state).filter(owes), ...untouched];
  if (published.length > 0) await customers.markPublished(tenant, published);
  const lost = new Map<CustomerId, readonly Event[]>();
  const known = new Map<CustomerId, CustomerState>();
  for (const [index, { customer, events }] of changed.entries()) {
    const outcome = outcomes[index];
    if (outcome?.outcome === 'unavailable') await giveBack({ customer, events }, outcome.cause, failed, deps);
    if (outcome?.outcome !== 'lost') continue;
    lost.set(customer, events);
    if (outcome.stored !== undefined) known.set(customer, outcome.stored);
  }
  return { arrived: lost, known };
};

interface Open {
  readonly customer: CustomerId;
  readonly events: readonly Event[];
  readonly before: CustomerState;
}

/** All by the same models. Where a customer knows of newer ones than are at hand these are read, and all are decided by them. */
const decideByNewest = async (
  open: readonly Open[],
  deps: GradeCustomersDeps,
): Promise<readonly (Open & Regraded)[]> => {
  const decideBy = (inForce: InForce): Promise<readonly (Open & Regraded)[]> => {
    const regrading: Regrading = { ...inForce, hashing: deps.hashing };
    return decideCustomers(open, { ...deps, regrading });
  };
  const steps = await decideBy(await deps.models.current());
  return steps.some(({ outdated }) => outdated) ? decideBy(await deps.models.reload()) : steps;
};

/** Told before it is stored that the command was seen: a person waits for the answer. */
const parkRefused = async (steps: readonly (Open & Regraded)[], { park }: GradeCustomersDeps): Promise<void> => {
  for (const { events, refused } of steps)
    for (const { arrived, detail } of refused) {
      const record = events.find((event) => event === arrived)?.record;
      if (record !== undefined) await park(record, 'merge-refused', detail);
    }
};

/** What the store will never take is put aside: brought again for ever, it would hold up everybody behind it. */
const giveBack = async (
  { customer, events }: { readonly customer: CustomerId; readonly events: readonly Event[] },
  cause: unknown,
  failed: Set<CustomerId>,
  { park }: GradeCustomersDeps,
): Promise<void> => {
  if (isRetryable(cause)) failed.add(customer);
  else
    for (const { record } of events)
      await park(record, 'unstorable-customer', cause instanceof Error ? cause.message : 'the store refuses it');
};

const loadAll = async (
  { arrived, known }: Round,
  { tenant, customers }: GradeCustomersDeps,
): Promise<ReadonlyMap<CustomerId, CustomerState>> => {
  const unknown = [...arrived.keys()].filter((customer) => !known.has(customer));
  const found = unknown.length === 0 ? new Map<CustomerId, CustomerState>() : await customers.findAll(tenant, unknown);
  return new Map([...known, ...found]);
};

interface Committed {
  readonly state: CustomerState;
  readonly events: readonly Event[];
}

const report = (committed: readonly Committed[], idle: number, { metrics, wallNow }: GradeCustomersDeps): void => {
  const now = wallNow();
  const changes = committed.reduce((sum, { state }) => sum + state.pending.filter(isChange).length, 0);
  if (changes > 0) metrics.count(stage, 'out', changes);
  // customers whose events were all known already, or of the past
  if (idle > 0) metrics.count(stage, 'duplicate', idle);
  for (const { state, events } of committed) {
    const received = events[0]?.receivedAt;
    if (state.pending.some(isChange) && received !== undefined)
      metrics.took('receipt_to_change', (now - received) / 1_000);
  }
};

const readArrived = async (batch: readonly Received[], { tenant, park }: GradeCustomersDeps): Promise<ByCustomer> => {
  const arrived = new Map<CustomerId, Event[]>();
  for (const record of batch) {
    const decoded = decodeCloudEvent(record.value, CustomerEvent);
    if (!decoded.ok) {
      await park(record, 'unreadable-event', decoded.reason);
      continue;
    }
    const { data, id, at: receivedAt } = decoded.event;
    if (data.tenant !== tenant) {
      await park(record, 'unreadable-event', `tenant ${data.tenant} is none of ours`);
      continue;
    }
    // what was asked for by the clock, or by ourselves: nobody waits for it
    const received =
      data.kind === 'review.requested' || data.kind === 'handover.due' || Number.isNaN(receivedAt)
        ? {}
        : { receivedAt };
    const event: Event = { event: data, id, at: record.at, record, ...received };
    const known = arrived.get(data.customer);
    if (known === undefined) arrived.set(data.customer, [event]);
    else known.push(event);
  }
  return arrived;
};
