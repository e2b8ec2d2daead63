import { describe, expect, it } from 'vitest';
import { dynamoDbCustomerStore } from '#shared/adapters/dynamodb/customers/customer-store.ts';
import { memoryCohortStore } from '#shared/adapters/memory/cohort-store.ts';
import { memoryCustomerStore } from '#shared/adapters/memory/customer-store.ts';
import { topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import type { CustomerEvent } from '#shared/domain/event.ts';
import { ConnectionId, CustomerId } from '#shared/domain/ids.ts';
import { verifyLedger } from '#shared/domain/ledger.ts';
import { decidesAgainBy } from '#shared/grading/decides-again.ts';
import type { CustomerStore } from '#shared/ports/customer-store.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import type { Received, Work } from '#shared/ports/stream.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { gradeCustomers } from '#shared/usecases/grade-customers.ts';
import { seeded } from '../bench/grading-model.ts';
import { faultyDynamoDb } from '../kit/faulty-dynamodb.ts';
import { fixedModels } from '../kit/fixed-models.ts';
import { handStream } from '../kit/hand-stream.ts';
import { ledgerKeyOf, plantStart, tenant } from '../kit/plant.ts';
import { shopGraders } from '../kit/shop-models.ts';
import { client, freshClient, freshTable } from './dynamodb-table.ts';

const customers = Array.from({ length: 12 }, (_, i) => CustomerId.parse(`account:shop:c${i}`));
const minute = 60_000;

/** Each customer's invoices, some paid twice over, so that grades go up and down. */
const batches = (random: () => number): readonly (readonly Received[])[] =>
  Array.from({ length: 6 }, (_, batch) =>
    Array.from({ length: 30 }, (_, i): Received => {
      const number = batch * 30 + i;
      const at = plantStart + number * minute;
      const customer = customers[Math.floor(random() * customers.length)]!;
      const event: CustomerEvent = {
        kind: 'record.asserted',
        tenant,
        customer,
        record: {
          connection: ConnectionId.parse('shop'),
          object: 'invoice',
          id: `${customer}-${Math.floor(random() * 4)}`,
        },
        version: { assignment: 1, source: at, read: at },
        attributes: {},
        facts: [{ type: 'invoice.paid', at, amount: { units: Math.floor(random() * 900), scale: 0, currency: 'GBP' } }],
        trace: 't',
      };
      const value = encodeCloudEvent({ id: `e${number}`, source: 's', type: 't', data: event }, at);
      return { topic: topics.events, partition: 0, offset: number, key: customer, at, value };
    }),
  );

const grading = (store: CustomerStore) => {
  const stream = handStream(() => plantStart);
  const work = gradeCustomers({
    ...{
      tenant,
      customers: store,
      cohorts: memoryCohortStore(),
      stream,
      newLedgerKey: ledgerKeyOf,
      metrics: noMetrics,
      wallNow: () => plantStart,
    },
    models: fixedModels(shopGraders().slice(0, 1)),
    hashing,
    park: async (record) => Promise.reject(new Error(`parked ${record.value}`)),
  });
  const changes = () =>
    stream.read(topics.changes).map(({ key, value }) => [key, (JSON.parse(value) as { id: string }).id]);
  return { work, changes };
};

/** As a consumer does: what was given back comes again, and all of it when the batch was rejected. */
const consume = async (work: Work, batch: readonly Received[]): Promise<number> => {
  let left = batch;
  for (let again = 0; left.length > 0; again += 1) {
    const given = left;
    left = await work(given).catch(() => given);
    if (left.length === 0) return again;
  }
  return 0;
};

const sequences = (changes: readonly (readonly (string | undefined)[])[]) => {
  const byCustomer = new Map<string, Set<string>>();
  for (const [customer = '', id = ''] of changes) {
    const known = byCustomer.get(customer) ?? new Set();
    byCustomer.set(customer, known.add(id));
  }
  return new Map([...byCustomer].map(([customer, ids]) => [customer, [...ids]]));
};

describe('grading on a table of which every fifth call fails', () => {
  it('loses nothing, and decides what it decides where nothing fails, also when two instances do it at once', async () => {
    const all = batches(seeded(5));
    const calm = memoryCustomerStore();
    const reference = grading(calm);
    for (const batch of all) await consume(reference.work, batch);

    const table = await freshTable();
    const random = seeded(3);
    const instances = [0, 1].map(() => {
      const faulty = freshClient();
      const faults = faultyDynamoDb(faulty, { rate: 0.2, random, delayIndexReadsMs: 20 });
      return { faults, ...grading(dynamoDbCustomerStore({ client: faulty, table })) };
    });
    for (const batch of all) await Promise.all(instances.map(({ work }) => consume(work, batch)));
    // which of the two meets with which fault is a matter of chance
    for (const fault of ['throttled', 'timed-out-before', 'timed-out-after'] as const)
      expect(
        instances.reduce((sum, { faults }) => sum + faults[fault], 0),
        fault,
      ).toBeGreaterThan(0);

    const store = dynamoDbCustomerStore({ client, table });
    const [stored, expected] = [await store.findAll(tenant, customers), await calm.findAll(tenant, customers)];
    expect(new Map([...stored].map(([customer, state]) => [customer, { ...state, pending: [] }]))).toEqual(expected);
    for (const [customer, state] of stored) {
      const entries = await store.readLedger(tenant, customer);
      expect(entries).toEqual(await calm.readLedger(tenant, customer));
      expect(
        verifyLedger(entries, state.ledger, state.ledgerKey, hashing, decidesAgainBy(shopGraders())).faults,
      ).toEqual([]);
    }
    // what both published together: everything, and of each instance in order
    const said = sequences(instances.flatMap(({ changes }) => changes()));
    for (const [customer, ids] of sequences(reference.changes()))
      expect(said.get(customer)?.sort()).toEqual(ids.sort());
    expect(await store.findUnpublished(tenant, plantStart * 2, 100)).toEqual([]);
  }, 120_000);
});
