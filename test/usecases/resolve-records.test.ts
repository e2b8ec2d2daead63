import { describe, expect, it } from 'vitest';
import { type MemoryRecordStore, memoryRecordStore } from '#shared/adapters/memory/record-store.ts';
import { topics } from '#shared/definitions/topics.ts';
import { decodeCloudEvent, encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { CustomerEvent } from '#shared/domain/event.ts';
import type { Hint } from '#shared/domain/hint.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import type { RecordStore } from '#shared/ports/record-store.ts';
import type { Received } from '#shared/ports/stream.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { publishItems } from '#shared/usecases/record-items.ts';
import { type ResolveDeps, resolveRecords } from '#shared/usecases/resolve-records.ts';
import { failing } from '../kit/failing.ts';
import { fakeCrm } from '../kit/fake-crm.ts';
import { handClock } from '../kit/hand-clock.ts';
import { type HandStream, handStream } from '../kit/hand-stream.ts';
import { crm, plantStart, shop, sourcesOf, tenant } from '../kit/plant.ts';

interface Bench {
  readonly deps: ResolveDeps & { readonly stream: HandStream };
  readonly store: MemoryRecordStore;
  readonly parked: string[];
}

const bench = (changes: Partial<ResolveDeps> = {}): Bench => {
  const clock = handClock(plantStart);
  const stream = handStream(clock.businessNow);
  const store = memoryRecordStore();
  const parked: string[] = [];
  const park = async (_: Received, reason: string): Promise<void> => void parked.push(reason);
  const deps = {
    tenant,
    connections: sourcesOf(fakeCrm()),
    records: store,
    sha256: hashing.sha256,
    clock,
    park,
    metrics: noMetrics,
    ...changes,
    stream,
  };
  return { deps, store, parked };
};

const invoice = (id: string, customer: string, amount: number, changedAt = plantStart) => ({
  id,
  customer,
  amount: String(amount),
  paidAt: plantStart,
  changedAt,
});
const hintOf = (payload: Record<string, string | number> | undefined, more: Partial<Hint> = {}): Hint => ({
  tenant,
  connection: shop,
  object: 'invoice',
  id: String(payload?.['id'] ?? '1'),
  operation: 'upsert',
  delivery: 'd1',
  receivedAt: plantStart,
  ...(payload === undefined ? {} : { payload }),
  ...more,
});
const batchOf = (hints: readonly Hint[], from = 0): readonly Received[] =>
  hints.map((hint, index) => ({
    topic: topics.webhooks,
    partition: 0,
    offset: from + index,
    key: `${hint.connection}/${hint.object}/${hint.id}`,
    value: encodeCloudEvent({ id: `${hint.delivery}/${index}`, source: 's', type: 't', data: hint }, hint.receivedAt),
    at: hint.receivedAt,
  }));
const eventsOf = ({ deps }: Bench) =>
  deps.stream.read(topics.events).map(({ value, key, at }) => {
    const decoded = decodeCloudEvent(value, CustomerEvent);
    return decoded.ok ? { id: decoded.event.id, key, at, ...decoded.event.data } : expect.fail(decoded.reason);
  });
const accountOf = async (records: RecordStore) =>
  (await records.readAccounts(tenant)).find(({ connection }) => connection === shop);

describe('resolving a batch of hints', () => {
  it('publishes what they mean, keyed by the customer, at the instant of their arrival', async () => {
    const at = bench();
    await resolveRecords(at.deps)(
      batchOf([hintOf(invoice('1', 'ann', 5)), hintOf(invoice('2', 'bob', 6), { delivery: 'd2' })]),
    );
    expect(eventsOf(at).map(({ kind, key, at: instant }) => [kind, key, instant])).toEqual([
      ['record.asserted', 'account:shop:ann', plantStart],
      ['record.asserted', 'account:shop:bob', plantStart],
    ]);
    expect(await at.store.findUnpublished(tenant, Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });

  it('decides several hints of one record in their order, as one item', async () => {
    const at = bench();
    const hints = ['ann', 'bob', 'ann'].map((customer, i) =>
      hintOf(invoice('1', customer, 5, plantStart + i), { delivery: `d${i}` }),
    );
    await resolveRecords(at.deps)(batchOf(hints));
    expect(eventsOf(at).map(({ kind, customer }) => [kind, customer])).toEqual([
      ['record.asserted', 'account:shop:ann'],
      ['record.retracted', 'account:shop:ann'],
      ['record.asserted', 'account:shop:bob'],
      ['record.retracted', 'account:shop:bob'],
      ['record.asserted', 'account:shop:ann'],
    ]);
    const [item] = (await at.store.findAll(tenant, [{ connection: shop, object: 'invoice', id: '1' }])).values();
    expect(item).toMatchObject({
      itemVersion: 1,
      customer: 'account:shop:ann',
      version: { assignment: 3 },
      pending: [],
    });
  });

  it('publishes in the order of the hints, wherever a batch ends', async () => {
    const hints = [
      hintOf(invoice('1', 'ann', 5)),
      hintOf(invoice('2', 'ann', 6)),
      hintOf(invoice('1', 'bob', 7, plantStart + 1), { delivery: 'd2' }),
    ];
    const [atOnce, oneByOne] = [bench(), bench()];
    await resolveRecords(atOnce.deps)(batchOf(hints));
    for (const [offset, hint] of hints.entries()) await resolveRecords(oneByOne.deps)(batchOf([hint], offset));
    expect(eventsOf(atOnce)).toEqual(eventsOf(oneByOne));
    expect(eventsOf(atOnce)).toHaveLength(4);
  });

  it('says nothing more when the batch comes again, and counts it once', async () => {
    const at = bench();
    at.store.receive(tenant, [shop, shop]);
    const batch = batchOf([
      hintOf(invoice('1', 'ann', 5)),
      hintOf(invoice('1', 'bob', 5, plantStart + 1), { delivery: 'd2' }),
    ]);
    await resolveRecords(at.deps)(batch);
    const events = eventsOf(at);
    await resolveRecords(at.deps)(batch);
    expect(eventsOf(at)).toEqual(events);
    expect(await accountOf(at.store)).toMatchObject({ received: 2, resolved: 2, deduplicated: 0, waiting: 0 });
  });

  it('gives every event of one version its own id', async () => {
    const at = bench();
    await resolveRecords(at.deps)(
      batchOf([hintOf(invoice('1', 'ann', 5)), hintOf(invoice('1', 'bob', 5, plantStart + 1), { delivery: 'd2' })]),
    );
    expect(new Set(eventsOf(at).map(({ id }) => id)).size).toBe(3);
  });

  it('reads a deletion with or without what the record said', async () => {
    const at = bench();
    await resolveRecords(at.deps)(batchOf([hintOf(invoice('1', 'ann', 5)), hintOf(invoice('2', 'ann', 6))]));
    const bare = hintOf(undefined, { operation: 'delete', delivery: 'd3', receivedAt: plantStart + 5 });
    const full = hintOf(invoice('2', 'ann', 6, plantStart + 1), {
      operation: 'delete',
      delivery: 'd4',
      receivedAt: plantStart + 5,
    });
    await resolveRecords(at.deps)(batchOf([bare, full], 2));
    expect(eventsOf(at).slice(2)).toMatchObject([
      { kind: 'record.retracted', version: { source: plantStart, read: plantStart + 5 } },
      { kind: 'record.retracted', version: { source: plantStart + 1, read: plantStart + 5 } },
    ]);
  });

  it('retracts a record that the mapping keeps out from now on', async () => {
    const at = bench();
    await resolveRecords(at.deps)(
      batchOf([
        hintOf(invoice('1', 'ann', 5)),
        hintOf({ ...invoice('1', 'ann', 5, plantStart + 1), draft: 'true' }, { delivery: 'd2' }),
      ]),
    );
    expect(eventsOf(at).map(({ kind }) => kind)).toEqual(['record.asserted', 'record.retracted']);
  });

  it('parks what can never be worked, and goes on', async () => {
    const at = bench();
    const odd = { ...batchOf([hintOf(undefined)])[0]!, value: 'no hint' };
    await resolveRecords(at.deps)([
      odd,
      ...batchOf([hintOf({ ...invoice('1', 'ann', 5), changedAt: 'never' }), hintOf(invoice('2', 'ann', 5))], 1),
    ]);
    expect(at.parked).toEqual(['unreadable-hint', 'bad-version']);
    expect(eventsOf(at)).toHaveLength(1);
  });

  it('puts thin hints into the inbox and publishes nothing', async () => {
    const at = bench();
    await resolveRecords(at.deps)(
      batchOf([
        hintOf(undefined, { connection: crm }),
        hintOf(undefined, { connection: crm, changedFields: ['Grade', 'name'] }),
      ]),
    );
    expect(await at.store.findWaiting(tenant, crm, plantStart, 10)).toMatchObject([{ hints: 2, sequence: 2 }]);
    expect(eventsOf(at)).toEqual([]);
  });

  it('does nothing with an empty batch', async () => {
    const at = bench({ records: failing(memoryRecordStore(), 'commitResolved', 'before') });
    expect(await resolveRecords(at.deps)([])).toEqual([]);
  });
});

describe('a stop while hints are resolved', () => {
  const batch = batchOf([
    hintOf(invoice('1', 'ann', 5)),
    hintOf(invoice('1', 'bob', 5, plantStart + 1), { delivery: 'd2' }),
  ]);
  const kinds = ['record.asserted', 'record.retracted', 'record.asserted'];

  it.each([
    ['before anything is stored', 'commitResolved', 'before'],
    ['between storing and publishing', 'commitResolved', 'after'],
  ] as const)('%s is healed when the batch comes again', async (_, method, when) => {
    const store = memoryRecordStore();
    store.receive(tenant, [shop, shop]);
    const at = bench({ records: failing(store, method, when) });
    await expect(resolveRecords(at.deps)(batch)).rejects.toMatchObject({ retryable: true });
    expect(eventsOf(at)).toEqual([]);
    await resolveRecords(at.deps)(batch);
    expect(eventsOf(at).map(({ kind }) => kind)).toEqual(kinds);
    expect(await store.findUnpublished(tenant, Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    expect(await accountOf(store)).toMatchObject({ received: 2, resolved: 2, waiting: 0 });
  });

  it('between publishing and saying so publishes the same ids once more', async () => {
    const store = memoryRecordStore();
    const at = bench({ records: failing(store, 'markPublished', 'before') });
    await expect(resolveRecords(at.deps)(batch)).rejects.toMatchObject({ retryable: true });
    await resolveRecords(at.deps)(batch);
    const ids = eventsOf(at).map(({ id }) => id);
    expect(ids).toEqual([...ids.slice(0, 3), ...ids.slice(0, 3)]);
    expect(await store.findUnpublished(tenant, Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });

  it('that no redelivery heals is healed by publishing what is owed', async () => {
    const store = memoryRecordStore();
    const at = bench({ records: failing(store, 'commitResolved', 'after') });
    await expect(resolveRecords(at.deps)(batch)).rejects.toThrow();
    const owing = await store.findUnpublished(tenant, plantStart + 1, 10);
    expect(owing).toHaveLength(1);
    await publishItems([...(await store.findAll(tenant, owing)).values()], {
      tenant,
      records: store,
      stream: at.deps.stream,
    });
    expect(eventsOf(at).map(({ kind }) => kind)).toEqual(kinds);
    expect(await store.findUnpublished(tenant, Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });

  it('publishes what was owed before what is new', async () => {
    const store = memoryRecordStore();
    const at = bench({ records: failing(store, 'commitResolved', 'after') });
    await expect(resolveRecords(at.deps)(batch)).rejects.toThrow();
    await resolveRecords(at.deps)(batchOf([hintOf(invoice('1', 'ann', 7, plantStart + 2), { delivery: 'd3' })], 2));
    expect(eventsOf(at).map(({ kind }) => kind)).toEqual([...kinds, 'record.retracted', 'record.asserted']);
  });

  it('gives back the hints of a record that cannot be written, counts them once, and works the others', async () => {
    const store = memoryRecordStore();
    store.receive(tenant, [shop, shop, shop]);
    const without = (record: { readonly id: string }): boolean => record.id !== '1';
    const refusing: RecordStore = {
      ...store,
      commitResolved: async (of, commit) => {
        const records = commit.records.filter(({ record }) => without(record));
        await store.commitResolved(of, { ...commit, records });
        return records.length === commit.records.length ? [] : ['shop/invoice/1'];
      },
    };
    const at = bench({ records: refusing });
    const other = batchOf([hintOf(invoice('2', 'ann', 9))], 2);
    expect(await resolveRecords(at.deps)([...batch, ...other])).toEqual(batch);
    expect(eventsOf(at).map(({ kind, customer }) => [kind, customer])).toEqual([
      ['record.asserted', 'account:shop:ann'],
    ]);
    expect(await resolveRecords({ ...at.deps, records: store })(batch)).toEqual([]);
    expect(eventsOf(at).map(({ kind }) => kind)).toEqual(['record.asserted', ...kinds]);
    expect(await accountOf(store)).toMatchObject({ received: 3, resolved: 3, waiting: 0 });
  });

  it('decides again on what another writer left, when it loses the race', async () => {
    const store = memoryRecordStore();
    store.receive(tenant, [shop, shop]);
    let raced = false;
    const raceOnce: RecordStore = {
      ...store,
      commitResolved: async (of, commit) => {
        if (raced) return store.commitResolved(of, commit);
        raced = true;
        await store.commitResolved(of, { ...commit, records: [] });
        return ['shop/invoice/1'];
      },
    };
    const at = bench({ records: raceOnce });
    expect(await resolveRecords(at.deps)(batch)).toEqual([]);
    expect(eventsOf(at).map(({ kind }) => kind)).toEqual(kinds);
    expect(await accountOf(store)).toMatchObject({ received: 2, resolved: 2, waiting: 0 });
  });
});
