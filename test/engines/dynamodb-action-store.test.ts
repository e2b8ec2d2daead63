import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { actionKey } from '#shared/adapters/dynamodb/actions/action-item.ts';
import { dynamoDbActionStore } from '#shared/adapters/dynamodb/actions/action-store.ts';
import { deliveryKey } from '#shared/adapters/dynamodb/actions/delivery-item.ts';
import type { Delivery, DeliveryStatus } from '#shared/domain/delivery.ts';
import { digestsOf } from '#shared/domain/delivery-digest.ts';
import { CustomerId, TenantId } from '#shared/domain/ids.ts';
import { decideOnChange } from '#shared/domain/settle.ts';
import type { ActionStore } from '#shared/ports/action-store.ts';
import {
  acme,
  alertTo,
  blank,
  change,
  day,
  deliveryOf,
  gradeOf,
  noon,
  other,
  policyOf,
  sha256,
} from '../contract/action-samples.ts';
import { actionStoreContract } from '../contract/action-store.ts';
import { faultyDynamoDb } from '../kit/faulty-dynamodb.ts';
import { failingAfter, losingAnswers, withoutIndexes } from './ailing-client.ts';
import { client, freshClient, freshTable } from './dynamodb-table.ts';

const table = await freshTable();
let opened = 0;

/** Tenants are apart: one table serves all tests of this file. */
const freshTenant = (): TenantId => {
  opened += 1;
  return TenantId.parse(`acme-${opened}`);
};

actionStoreContract('DynamoDB', () => dynamoDbActionStore({ client, table, tenant: freshTenant() }));

const minute = 60_000;
const customerNo = (n: number) => CustomerId.parse(`account:zoho-eu:${n}`);
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

/** Pseudo-random numbers in [0, 1), the same ones each run. */
const drawsOf = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

/** Several processes on one table. */
const instances = (): readonly [ActionStore, ActionStore, ActionStore] => {
  const tenant = freshTenant();
  const open = () => dynamoDbActionStore({ client: freshClient(), table, tenant });
  return [open(), open(), open()];
};

const put = async (store: ActionStore, deliveries: readonly Delivery[], wallNow = noon): Promise<void> => {
  const customers = [...new Set(deliveries.map(({ customer }) => customer))];
  const states = await store.findStates(customers);
  const commits = customers.map((customer) => ({
    next: { ...blank, customer, version: (states.get(customer)?.version ?? 0) + 1 },
    deliveries: deliveries.filter((each) => each.customer === customer),
  }));
  expect(await store.commitAll(commits, wallNow)).toEqual(commits.map(() => ({ outcome: 'committed' })));
};

const claim = (store: ActionStore, wallNow = noon, more: object = {}) =>
  store.claimSending({ channel: 'team', wallNow, limit: 10, ...more });
const delivered = (deliveries: readonly Delivery[]): readonly Delivery[] =>
  deliveries.map((delivery) => ({ ...delivery, status: 'delivered' }));
/** By status, over all channels. */
const countOf = async (store: ActionStore): Promise<Readonly<Partial<Record<DeliveryStatus, number>>>> => {
  const counts: Partial<Record<DeliveryStatus, number>> = {};
  for (const { status, deliveries } of await store.countDeliveries())
    counts[status] = (counts[status] ?? 0) + deliveries;
  return counts;
};

describe('acting by several processes on one table', () => {
  it('sends each once, every lane in order and one at a time', { timeout: 120_000 }, async () => {
    const stores = instances();
    const lanes = numbers(20).map(customerNo);
    const inOrder = lanes.map((customer) => numbers(10).map((n) => deliveryOf(`${customer} ${n}`, { customer })));
    await Promise.all(inOrder.map((deliveries) => put(stores[0], deliveries)));
    const sent = new Map<CustomerId, string[]>();
    const inFlight = new Set<CustomerId>();
    const draw = drawsOf(7);
    let open = 200;
    const serve = async (store: ActionStore): Promise<void> => {
      while (open > 0) {
        const claimed = await claim(store, noon, { limit: 7 });
        for (const { customer } of claimed) {
          expect(inFlight.has(customer)).toBe(false);
          inFlight.add(customer);
        }
        const results = claimed.map((each) => ({ ...each, status: draw() < 0.2 ? 'retry' : 'delivered' }) as const);
        for (const { id, customer, status } of results) {
          inFlight.delete(customer);
          if (status !== 'delivered') continue;
          sent.set(customer, [...(sent.get(customer) ?? []), id]);
          open -= 1;
        }
        await store.settle(results);
      }
    };
    await Promise.all(stores.map(serve));
    expect(lanes.map((lane) => sent.get(lane))).toEqual(inOrder.map((lane) => lane.map(({ id }) => id)));
    expect(await countOf(stores[1])).toEqual({ delivered: 200 });
  });

  it('never exceeds the pace, whoever sends', { timeout: 120_000 }, async () => {
    const tenant = freshTenant();
    // each sees only what it committed itself: they meet nowhere but at the pace
    const stores = numbers(3).map(() => {
      const blind = freshClient();
      withoutIndexes(blind);
      return dynamoDbActionStore({ client: blind, table, tenant });
    });
    const pace = { sends: 5, windowMs: minute };
    for (const [index, store] of stores.entries())
      await put(
        store,
        numbers(8).map((n) => deliveryOf(`p${index} ${n}`, { customer: customerNo(10 * index + n) })),
      );
    const instants: number[] = [];
    for (let at = noon; at <= noon + 2 * minute; at += 10_000) {
      const claims = await Promise.all(stores.map((store) => claim(store, at, { pace, limit: 4 })));
      for (const [index, claimed] of claims.entries()) {
        instants.push(...claimed.map(() => at));
        await stores[index]?.settle(delivered(claimed));
      }
    }
    for (const from of instants)
      expect(instants.filter((at) => at >= from && at < from + minute).length).toBeLessThanOrEqual(5);
    expect(instants).toHaveLength(15);
  });

  it('lets one of two writers of a customer win, with all that it brought and nothing of the other', async () => {
    const [one, another] = instances();
    const won: string[] = [];
    for (const version of numbers(10).map((n) => n + 1)) {
      const names = [`one ${version}`, `another ${version}`];
      const outcomes = await Promise.all(
        [one, another].map((store, index) =>
          store.commitAll(
            [{ next: { ...blank, version }, deliveries: [deliveryOf(names[index] ?? '')] }],
            noon + version,
          ),
        ),
      );
      const winners = outcomes.flatMap(([each], index) => (each?.outcome === 'committed' ? [names[index] ?? ''] : []));
      expect(winners).toHaveLength(1);
      won.unshift(...winners);
    }
    const listed = await one.listDeliveries(acme, 100);
    expect(listed.map(({ id }) => id)).toEqual(won.map((name) => deliveryOf(name).id));
    expect(await countOf(another)).toEqual({ pending: 10 });
  });

  it('recovers what another process had in flight, and takes its answer after all', async () => {
    const [crashed, alive] = instances();
    await put(crashed, [deliveryOf('a'), deliveryOf('b')]);
    const [sent] = await claim(crashed);
    expect(await claim(alive)).toEqual([]);
    expect(await alive.recover({ wallNow: noon + 9, startedBefore: noon, resends: () => true })).toBe(1);
    expect((await claim(alive, noon + 9)).map(({ id, attempts }) => [id, attempts])).toEqual([[sent?.id, 2]]);
    await crashed.settle(delivered([sent!]));
    expect(await alive.findDeliveries([sent!.id])).toMatchObject([{ status: 'sending', attempts: 2 }]);
    expect(await countOf(alive)).toEqual({ sending: 1, pending: 1 });
  });

  it('finds what it committed itself before the index does', async () => {
    const ailing = freshClient();
    const tenant = freshTenant();
    const store = dynamoDbActionStore({ client: ailing, table, tenant });
    withoutIndexes(ailing);
    await put(store, [deliveryOf('a'), deliveryOf('b')]);
    const first = await claim(store);
    expect(first.map(({ id }) => id)).toEqual([deliveryOf('a').id]);
    await store.settle(delivered(first));
    expect((await claim(store)).map(({ id }) => id)).toEqual([deliveryOf('b').id]);
    const elsewhere = dynamoDbActionStore({ client: ailing, table, tenant });
    expect(await claim(elsewhere)).toEqual([]);
  });
});

describe('acting through failures', () => {
  it('knows its own commit again when the answer was lost', async () => {
    const ailing = freshClient();
    const store = dynamoDbActionStore({ client: ailing, table, tenant: freshTenant() });
    await put(store, [deliveryOf('z', { customer: other })]);
    const commit = { next: { ...blank, version: 1 }, deliveries: [deliveryOf('a')] };
    losingAnswers(ailing, 1);
    await expect(store.commitAll([commit], noon)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    expect(await store.commitAll([commit], noon)).toEqual([{ outcome: 'committed' }]);
    expect(await store.commitAll([{ ...commit, deliveries: [] }], noon)).toEqual([{ outcome: 'lost' }]);
    expect(await countOf(store)).toEqual({ pending: 2 });
  });

  it('brings everything to its end and counts it once, wherever it stopped', { timeout: 120_000 }, async () => {
    const deliveries = [
      ...['a', 'b'].map((name) => deliveryOf(name)),
      deliveryOf('c', { channel: 'mail', customer: other }),
      gradeOf('old', 'B'),
      gradeOf('new', 'A'),
    ];
    let stopped = true;
    for (let writes = 0; stopped; writes += 1) {
      const tenant = freshTenant();
      const ailing = freshClient();
      failingAfter(ailing, writes);
      const doomed = dynamoDbActionStore({ client: ailing, table, tenant });
      const [run] = await Promise.allSettled([
        (async () => {
          await put(doomed, deliveries);
          await doomed.settle(delivered(await claim(doomed)));
          await doomed.settle(delivered(await claim(doomed, noon, { channel: 'mail' })));
        })(),
      ]);
      stopped = run.status === 'rejected';
      const store = dynamoDbActionStore({ client, table, tenant });
      const states = await store.findStates([acme, other]);
      const missing = [acme, other].filter((customer) => !states.has(customer));
      await put(
        store,
        deliveries.filter(({ customer }) => missing.includes(customer)),
      );
      await store.recover({ wallNow: noon + 9, startedBefore: noon + 9, resends: () => true });
      for (const channel of ['team', 'mail', 'grades'])
        for (;;) {
          const claimed = await claim(store, noon + 9, { channel });
          if (claimed.length === 0) break;
          await store.settle(delivered(claimed));
        }
      const found = await store.findDeliveries(deliveries.map(({ id }) => id));
      expect(found.map(({ status }) => status)).toEqual([
        ...numbers(3).map(() => 'delivered'),
        'superseded',
        'delivered',
      ]);
      expect(await countOf(store)).toEqual({ delivered: 4, superseded: 1 });
    }
  });

  it('sends all of it through throttling, time-outs, lost answers and late indexes', { timeout: 120_000 }, async () => {
    const tenant = freshTenant();
    const random = drawsOf(11);
    const stores = [freshClient(), freshClient()].map((ailing) => {
      faultyDynamoDb(ailing, { rate: 0.2, random, delayIndexReadsMs: 20 });
      return dynamoDbActionStore({ client: ailing, table, tenant });
    });
    const lanes = numbers(8).map(customerNo);
    const inOrder = lanes.map((customer) => numbers(4).map((n) => deliveryOf(`${customer} ${n}`, { customer })));
    const steady = dynamoDbActionStore({ client, table, tenant });
    await put(steady, inOrder.flat());
    const first = new Map<CustomerId, string[]>();
    for (let wall = noon; (await countOf(steady)).delivered !== 32; wall += minute)
      await Promise.allSettled(
        stores.map(async (store) => {
          await store.recover({ wallNow: wall, startedBefore: wall - 2 * minute, resends: () => true });
          const claimed = await claim(store, wall);
          for (const { id, customer } of claimed) {
            const known = first.get(customer) ?? [];
            if (!known.includes(id)) first.set(customer, [...known, id]);
          }
          await store.settle(delivered(claimed));
        }),
      );
    expect(lanes.map((lane) => first.get(lane)?.length)).toEqual(lanes.map(() => 4));
    expect(lanes.map((lane) => first.get(lane))).toEqual(inOrder.map((lane) => lane.map(({ id }) => id)));
  });

  it('brings in more than one transaction takes, from wherever it stopped', { timeout: 120_000 }, async () => {
    const deliveries = numbers(75).map((n) => deliveryOf(`many ${n}`, { channel: n % 3 === 0 ? 'mail' : 'team' }));
    for (const writes of [0, 3, 4, 5, 6, 7, 1_000]) {
      const tenant = freshTenant();
      const ailing = freshClient();
      failingAfter(ailing, writes);
      const doomed = dynamoDbActionStore({ client: ailing, table, tenant });
      const commit = { next: { ...blank, version: 1 }, deliveries };
      await Promise.allSettled([doomed.commitAll([commit], noon)]);
      const store = dynamoDbActionStore({ client, table, tenant });
      const known = await store.findStates([acme]);
      if (!known.has(acme)) {
        expect(await store.listDeliveries(acme, 100)).toEqual([]);
        expect(await store.commitAll([commit], noon)).toEqual([{ outcome: 'committed' }]);
      }
      const listed = await store.listDeliveries(acme, 100);
      expect(listed.map(({ id }) => id)).toEqual([...deliveries].reverse().map(({ id }) => id));
      const counts = await store.countDeliveries();
      expect(counts.map(({ channel, deliveries: n }) => [channel, n])).toEqual([
        ['mail', 25],
        ['team', 50],
      ]);
      const [first] = await claim(store);
      expect(first?.id).toBe(deliveries[1]?.id);
    }
  });

  it('names a customer to whom a stopped commit still owes deliveries', async () => {
    const tenant = freshTenant();
    const ailing = freshClient();
    failingAfter(ailing, 3);
    const deliveries = numbers(60).map((n) => deliveryOf(`owed ${n}`));
    const commit = { next: { ...blank, version: 1 }, deliveries };
    await Promise.allSettled([dynamoDbActionStore({ client: ailing, table, tenant }).commitAll([commit], noon)]);
    const store = dynamoDbActionStore({ client, table, tenant });
    expect((await store.listDeliveries(acme, 100)).length).toBeLessThan(60);
    expect(await store.claimDue({ business: 1, wall: noon }, 10)).toEqual([{ customer: acme, asOf: 1 }]);
    await store.findStates([acme]);
    expect(await store.listDeliveries(acme, 100)).toHaveLength(60);
    expect(await store.claimDue({ business: 1, wall: noon + day }, 10)).toEqual([{ customer: acme, asOf: 1 }]);
    await store.commitAll([{ next: { ...blank, version: 2 }, deliveries: [] }], noon);
    expect(await store.claimDue({ business: day, wall: noon + 1 }, 10)).toEqual([]);
  });

  it('refuses what it did not write', async () => {
    const tenant = freshTenant();
    const store = dynamoDbActionStore({ client, table, tenant });
    const corrupt = { code: 'STORE_CORRUPT', retryable: false };
    const [action, delivery] = [actionKey(tenant, acme), deliveryKey(tenant, 'x')];
    for (const key of [action, delivery]) await client.send(new PutItemCommand({ TableName: table, Item: key }));
    await expect(store.findStates([acme])).rejects.toMatchObject(corrupt);
    await expect(store.findDeliveries(['x'])).rejects.toMatchObject(corrupt);
    const damaged = { ...delivery, body: { B: new Uint8Array([9, 9]) }, position: { N: '1' } };
    await client.send(new PutItemCommand({ TableName: table, Item: damaged }));
    await expect(store.findDeliveries(['x'])).rejects.toMatchObject(corrupt);
    await client.send(new DeleteItemCommand({ TableName: table, Key: delivery }));
    expect(await store.findDeliveries(['x'])).toEqual([]);
  });

  it('names the customer whose state fits no item', async () => {
    const store = dynamoDbActionStore({ client, table, tenant: freshTenant() });
    const settled = policyOf([{ id: 'any', do: [alertTo('mail')], settle: { window: 'P1D' } }]);
    const draw = drawsOf(1);
    const tags = Object.fromEntries(numbers(9_000).map((n) => [`${n}`, sha256(`${draw()}`)]));
    const { state } = decideOnChange(blank, change(1, 'B', 'A', { by: 'timer', tags }), noon, settled);
    await expect(store.commitAll([{ next: { ...state, version: 1 }, deliveries: [] }], noon)).rejects.toMatchObject({
      code: 'STORE_FULL',
      retryable: false,
      message: expect.stringContaining(acme) as string,
    });
  });
});

describe('a digest of more alerts than one transaction takes', () => {
  const crowd = numbers(60).map((n) => deliveryOf(`crowd ${n}`, { customer: customerNo(n % 40) }));
  const open = async (store: ActionStore) => {
    await put(store, crowd);
    const [digest] = digestsOf(await store.findWaitingAlerts('team', 100), 'channel', 'en', sha256);
    return digest!;
  };

  it('takes the place of all of them', { timeout: 60_000 }, async () => {
    const [store] = instances();
    const digest = await open(store);
    expect(await store.commitDigest(digest)).toBe(true);
    expect(await countOf(store)).toEqual({ digested: 60, pending: 1 });
    expect(await store.countWaitingAlerts('team')).toBe(0);
    expect((await claim(store)).map(({ id }) => id)).toEqual([digest.delivery.id]);
  });

  it('is carried to its end by a recovery, from wherever it stopped', { timeout: 120_000 }, async () => {
    const recovery = { wallNow: noon + 9, startedBefore: noon + 9, resends: () => true };
    for (const writes of [0, 1, 2, 3]) {
      const tenant = freshTenant();
      const digest = await open(dynamoDbActionStore({ client, table, tenant }));
      const ailing = freshClient();
      failingAfter(ailing, writes);
      const doomed = dynamoDbActionStore({ client: ailing, table, tenant });
      await expect(doomed.commitDigest(digest)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      const store = dynamoDbActionStore({ client, table, tenant });
      await store.recover(recovery);
      // nothing was written yet
      if (writes === 0) expect(await store.commitDigest(digest)).toBe(true);
      expect(await countOf(store)).toEqual({ digested: 60, pending: 1 });
    }
  });

  it('is undone where a member is taken meanwhile', { timeout: 60_000 }, async () => {
    const tenant = freshTenant();
    const store = dynamoDbActionStore({ client, table, tenant });
    const digest = await open(store);
    const ailing = freshClient();
    failingAfter(ailing, 2);
    const doomed = dynamoDbActionStore({ client: ailing, table, tenant });
    await expect(doomed.commitDigest(digest)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect((await countOf(store)).digested).toBeGreaterThan(0);
    const taken = await claim(store);
    expect(taken.length).toBeGreaterThan(0);
    await store.recover({ wallNow: noon + 9, startedBefore: noon - 1, resends: () => true });
    await store.recover({ wallNow: noon + 9, startedBefore: noon + minute, resends: () => false });
    expect(await countOf(store)).toEqual({ pending: 60 - taken.length, held: taken.length });
    expect(await store.findDeliveries([digest.delivery.id])).toEqual([]);
    expect(await store.countWaitingAlerts('team')).toBe(60 - taken.length);
  });
});
