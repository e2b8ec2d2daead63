import { describe, expect, it } from 'vitest';
import { memoryCohortStore } from '#shared/adapters/memory/cohort-store.ts';
import { memoryCustomerStore } from '#shared/adapters/memory/customer-store.ts';
import { topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import type { CustomerEvent } from '#shared/domain/event.ts';
import { ConnectionId, CustomerId, TenantId } from '#shared/domain/ids.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import type { CustomerStore } from '#shared/ports/customer-store.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import type { Received } from '#shared/ports/stream.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { type GradeCustomersDeps, gradeCustomers } from '#shared/usecases/grade-customers.ts';
import { publishOwed } from '#shared/usecases/publish-owed.ts';
import { failing } from '../kit/failing.ts';
import { fixedModels } from '../kit/fixed-models.ts';
import { type HandStream, handStream } from '../kit/hand-stream.ts';
import { ledgerKeyOf, plantStart, tenant } from '../kit/plant.ts';
import { shopGraders } from '../kit/shop-models.ts';
import { spying } from '../kit/spying.ts';

const ann = CustomerId.parse('account:shop:ann');
const bob = CustomerId.parse('account:shop:bob');

const named = (customer: CustomerId, source: number, more: Partial<CustomerEvent> = {}): CustomerEvent =>
  ({
    kind: 'record.asserted',
    tenant,
    customer,
    record: { connection: ConnectionId.parse('shop'), object: 'customer', id: customer },
    version: { assignment: 1, source, read: source },
    attributes: { name: `at ${source}` },
    facts: [],
    trace: 't',
    ...more,
  }) as CustomerEvent;
const paid = (customer: CustomerId, amount: number, source: number): CustomerEvent =>
  ({
    ...named(customer, source),
    record: { connection: ConnectionId.parse('shop'), object: 'invoice', id: '1' },
    attributes: {},
    facts: [{ type: 'invoice.paid', at: plantStart, amount: { units: amount, scale: 0, currency: 'GBP' } }],
  }) as CustomerEvent;
const batchOf = (events: readonly CustomerEvent[]): readonly Received[] =>
  events.map((event, offset) => ({
    topic: topics.events,
    partition: 0,
    offset,
    key: event.customer,
    at: plantStart,
    value: encodeCloudEvent({ id: `e${offset}`, source: 's', type: 't', data: event }, plantStart),
  }));

const bench = (customers: CustomerStore = memoryCustomerStore()) => {
  const stream: HandStream = handStream(() => plantStart);
  const parked: string[] = [];
  const deps: GradeCustomersDeps = {
    tenant,
    customers,
    cohorts: memoryCohortStore(),
    stream,
    models: fixedModels(shopGraders().slice(0, 1)),
    hashing,
    newLedgerKey: ledgerKeyOf,
    park: async (_, reason, detail) => void parked.push(`${reason}: ${detail}`),
    metrics: noMetrics,
    wallNow: () => plantStart,
  };
  return {
    deps,
    customers,
    parked,
    grade: gradeCustomers(deps),
    changes: () => stream.read(topics.changes).map(({ key, value }) => [key, (JSON.parse(value) as { id: string }).id]),
  };
};
const idsOf = (...of: readonly [CustomerId, number][]) => of.map(([customer, seq]) => [customer, `${customer}#${seq}`]);

describe('grading a batch of events', () => {
  it('reads all its customers at once, writes each of them once and publishes their changes', async () => {
    const calls: string[] = [];
    const { grade, changes, customers } = bench(spying('customers', memoryCustomerStore(), calls));
    await grade(batchOf([named(ann, 1), named(bob, 1), paid(ann, 250, 2)]));
    expect(calls).toEqual(['customers.findAll', 'customers.commitAll', 'customers.markPublished']);
    expect(changes()).toEqual(idsOf([ann, 1], [ann, 2], [bob, 1]));
    expect(
      [...(await customers.findAll(tenant, [ann, bob])).values()].map(({ version, pending }) => [version, pending]),
    ).toEqual([
      [1, []],
      [1, []],
    ]);
  });

  it('says and writes nothing more when the batch comes again', async () => {
    const { grade, changes, customers } = bench();
    const batch = batchOf([named(ann, 1), paid(ann, 250, 2)]);
    await grade(batch);
    const [before, said] = [await customers.findAll(tenant, [ann]), changes()];
    await grade(batch);
    expect(await customers.findAll(tenant, [ann])).toEqual(before);
    expect(changes()).toEqual(said);
  });

  it('parks what is no event, and what is another tenant’s, and goes on', async () => {
    const { grade, parked, changes, customers } = bench();
    const odd = { ...batchOf([named(ann, 1)])[0]!, value: 'no event' };
    await grade([odd, ...batchOf([named(bob, 1, { tenant: TenantId.parse('other') }), named(ann, 1)])]);
    expect(parked).toEqual(['unreadable-event: not JSON', 'unreadable-event: tenant other is none of ours']);
    expect(changes()).toEqual(idsOf([ann, 1]));
    expect(await customers.findAll(tenant, [bob])).toEqual(new Map());
  });

  it('has nothing to do for an empty batch', async () => {
    const calls: string[] = [];
    await bench(spying('customers', memoryCustomerStore(), calls)).grade([]);
    expect(calls).toEqual([]);
  });
});

describe('a stop while customers are graded', () => {
  const batch = batchOf([named(ann, 1), paid(ann, 250, 2)]);
  const ids = idsOf([ann, 1], [ann, 2]);

  it('between storing and publishing is healed when the batch comes again', async () => {
    const store = memoryCustomerStore();
    const { grade, changes } = bench(failing(store, 'commitAll', 'after'));
    await expect(grade(batch)).rejects.toMatchObject({ retryable: true });
    expect(changes()).toEqual([]);
    await grade(batch);
    expect(changes()).toEqual(ids);
    expect(await store.findUnpublished(tenant, Number.MAX_SAFE_INTEGER, 9)).toEqual([]);
  });

  it('between publishing and saying so publishes the same changes again, and nothing else', async () => {
    const { grade, changes, customers } = bench(failing(memoryCustomerStore(), 'markPublished', 'before'));
    await expect(grade(batch)).rejects.toMatchObject({ retryable: true });
    await grade(batch);
    expect(changes()).toEqual([...ids, ...ids]);
    expect((await customers.findAll(tenant, [ann])).get(ann)).toMatchObject({
      version: 1,
      pending: [],
      ledger: { seq: 2 },
    });
  });

  it('publishes what was owed before what is new', async () => {
    const { grade, changes } = bench(failing(memoryCustomerStore(), 'commitAll', 'after'));
    await expect(grade(batch)).rejects.toThrow();
    await grade(batchOf([paid(ann, 2_000, 3)]));
    expect(changes()).toEqual(idsOf([ann, 1], [ann, 2], [ann, 3]));
  });

  it('that no redelivery heals is healed by publishing what is owed', async () => {
    const store = memoryCustomerStore();
    const { grade, deps, changes } = bench(failing(store, 'commitAll', 'after'));
    await expect(grade(batch)).rejects.toThrow();
    await publishOwed(deps)(await store.findUnpublished(tenant, plantStart + 1, 9));
    expect(changes()).toEqual(ids);
    await publishOwed(deps)([ann]);
    expect(changes()).toEqual(ids);
  });
});

describe('two writers of one customer', () => {
  it('both get their events in: the one that lost decides again on what the other left', async () => {
    const store = memoryCustomerStore();
    const rival = bench(store);
    let meanwhile: (() => Promise<unknown>) | undefined = () => rival.grade(batchOf([paid(ann, 900, 5)]));
    const late: CustomerStore = {
      ...store,
      commitAll: async (commits) => {
        const first = meanwhile;
        meanwhile = undefined;
        await first?.();
        return store.commitAll(commits);
      },
    };
    const { grade } = bench(late);
    await grade(batchOf([named(ann, 1), named(bob, 1)]));
    const state = (await store.findAll(tenant, [ann])).get(ann);
    expect(state).toMatchObject({ version: 2, grades: { 'shop-abc': { grade: 'B', score: 900 } } });
    expect((await store.findAll(tenant, [bob])).get(bob)?.version).toBe(1);
    expect((await store.readLedger(tenant, ann)).map(({ seq }) => seq)).toEqual([1]);
  });

  it('do not fight for ever: the events of that customer are given back', async () => {
    const store = memoryCustomerStore();
    let tries = 0;
    const always: CustomerStore = {
      ...store,
      commitAll: async (commits) => commits.map(() => ({ outcome: (tries += 1) > 0 ? 'lost' : 'committed' })),
    };
    const batch = batchOf([named(ann, 1)]);
    expect(await bench(always).grade(batch)).toEqual(batch);
    expect(tries).toBe(8);
  });

  it('are spared a read where the store told what the other left', async () => {
    const store = memoryCustomerStore();
    await bench(store).grade(batchOf([paid(ann, 900, 5)]));
    const calls: string[] = [];
    const stale: CustomerStore = {
      ...store,
      findAll: async () => new Map(),
      commitAll: async (commits) => {
        const outcomes = await store.commitAll(commits);
        const stored = (await store.findAll(tenant, [ann])).get(ann);
        return outcomes.map((each) => (each.outcome === 'lost' && stored !== undefined ? { ...each, stored } : each));
      },
    };
    expect(await bench(spying('customers', stale, calls)).grade(batchOf([named(ann, 1)]))).toEqual([]);
    expect(calls).toEqual([
      'customers.findAll',
      'customers.commitAll',
      'customers.commitAll',
      'customers.markPublished',
    ]);
    expect((await store.findAll(tenant, [ann])).get(ann)).toMatchObject({
      version: 2,
      grades: { 'shop-abc': { score: 900 } },
    });
  });
});

describe('a customer that cannot be written', () => {
  it('has its events put aside where the store will never take them', async () => {
    const full = new PipelineError('STORE_FULL', 'too much for one item', { retryable: false });
    const refusing: CustomerStore = {
      ...memoryCustomerStore(),
      commitAll: async (commits) => commits.map(() => ({ outcome: 'unavailable', cause: full })),
    };
    const { grade, parked } = bench(refusing);
    expect(await grade(batchOf([named(ann, 1), paid(ann, 250, 2)]))).toEqual([]);
    expect(parked).toEqual(Array(2).fill('unstorable-customer: too much for one item'));
  });

  it('gets its events back in order; the others are graded', async () => {
    const store = memoryCustomerStore();
    const refusing: CustomerStore = {
      ...store,
      commitAll: async (commits) => {
        const outcomes = await store.commitAll(commits.filter(({ next }) => next.customer !== ann));
        return commits.map(({ next }) =>
          next.customer === ann ? { outcome: 'unavailable', cause: new Error('throttled') } : outcomes[0]!,
        );
      },
    };
    const { grade, changes } = bench(refusing);
    const batch = batchOf([named(ann, 1), named(bob, 1), paid(ann, 250, 2)]);
    expect(await grade(batch)).toEqual([batch[0], batch[2]]);
    expect(changes()).toEqual(idsOf([bob, 1]));
    expect(await bench(store).grade([batch[0]!, batch[2]!])).toEqual([]);
    expect((await store.readLedger(tenant, ann)).map(({ seq }) => seq)).toEqual([1, 2]);
  });
});
