import { DeleteItemCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamoDbCustomerStore } from '#shared/adapters/dynamodb/customers/customer-store.ts';
import type { Item } from '#shared/adapters/dynamodb/table/requests.ts';
import type { CustomerState } from '#shared/domain/customer-state.ts';
import type { RecordState } from '#shared/domain/profile.ts';
import type { CustomerStore } from '#shared/ports/customer-store.ts';
import { seeded } from '../bench/grading-model.ts';
import { acme, customerOf, firstInstant, recordsOf, stateOf } from '../contract/customer-states.ts';
import { client, freshClient, freshTable } from './dynamodb-table.ts';

const a = customerOf('a');

const itemsIn = async (table: string): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: table, ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
};
const chunkKeys = async (table: string): Promise<readonly string[]> =>
  (await itemsIn(table)).map(({ sk }) => sk?.S ?? '').filter((key) => key.startsWith('CHUNK#'));
const sizeOf = (item: Item): number =>
  Object.entries(item).reduce(
    (sum, [name, { B, S, N }]) => sum + name.length + (B?.length ?? Buffer.byteLength(S ?? N ?? '')),
    0,
  );

const commit = async (store: CustomerStore, next: CustomerState): Promise<void> =>
  expect(await store.commitAll([{ next, entries: [] }])).toEqual([{ outcome: 'committed' }]);
const load = async (store: CustomerStore): Promise<CustomerState> => (await store.findAll(acme, [a])).get(a)!;

/** One record replaced by what it says now. */
const touched = (records: CustomerState['records'], key: string): Map<string, RecordState> => {
  const known = records.get(key)!;
  const version = { ...known.version, source: known.version.source + 1_000 };
  return new Map(records).set(key, { ...known, version });
};

/** Counts what a client sends, by command. */
const counting = (counted: DynamoDBClient) => {
  const sent = { put: 0, deleted: 0, read: 0, queries: 0 };
  counted.middlewareStack.add(
    (next) => async (args) => {
      const input = args.input as {
        RequestItems?: Record<string, { Keys?: unknown[] } & { PutRequest?: unknown }[]>;
        KeyConditionExpression?: string;
      };
      for (const requests of Object.values(input.RequestItems ?? {})) {
        sent.read += requests.Keys?.length ?? 0;
        if (!Array.isArray(requests)) continue;
        const puts = requests.filter(({ PutRequest }) => PutRequest !== undefined).length;
        sent.put += puts;
        sent.deleted += requests.length - puts;
      }
      if (input.KeyConditionExpression !== undefined) sent.queries += 1;
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  return sent;
};

describe('a customer of many records on DynamoDB', () => {
  it('holds 50,000 facts, in items of less than 100 KB, and writes one chunk when one record changes', async () => {
    const table = await freshTable();
    const counted = freshClient();
    const store = dynamoDbCustomerStore({ client: counted, table });
    const records = recordsOf(50_000);
    await commit(store, stateOf(a, { records }));
    const items = await itemsIn(table);
    expect(Math.max(...items.map(sizeOf))).toBeLessThan(100_000);
    expect(items.length).toBeGreaterThan(256);

    const sent = counting(counted);
    let state = await load(store);
    expect(sent.read + sent.queries).toBe(1);
    for (let i = 0; i < 3; i += 1) {
      const next = touched(state.records, [...state.records.keys()][i * 9_000]!);
      await commit(store, { ...state, version: state.version + 1, records: next });
      state = await load(store);
    }
    expect(sent).toMatchObject({ put: 3, deleted: 3, queries: 0 });
    expect((await itemsIn(table)).length).toBe(items.length);

    const fresh = await load(dynamoDbCustomerStore({ client, table }));
    expect(fresh.records.size).toBe(50_000);
    expect(fresh.records).toEqual(state.records);
  });

  it('keeps a few records in the state itself and leaves no chunk behind while it grows', async () => {
    const table = await freshTable();
    const store = dynamoDbCustomerStore({ client, table });
    const counts: number[] = [];
    let state = stateOf(a, { records: recordsOf(100) });
    await commit(store, state);
    for (const size of [150, 450, 900, 2_000, 4_000]) {
      state = { ...(await load(store)), version: state.version + 1, records: recordsOf(size) };
      await commit(store, state);
      counts.push((await chunkKeys(table)).length);
    }
    expect(counts[0]).toBe(0);
    expect(counts.slice(1)).toEqual([4, 8, 16, 32]);
    expect((await load(dynamoDbCustomerStore({ client, table }))).records).toEqual(state.records);
  });

  it('repacks what it no longer remembers and writes only what differs', async () => {
    const table = await freshTable();
    await commit(dynamoDbCustomerStore({ client, table }), stateOf(a, { records: recordsOf(2_000) }));
    const counted = freshClient();
    const forgetful = dynamoDbCustomerStore({ client: counted, table, memoryBytes: 0 });
    const state = await load(forgetful);
    const key = [...state.records.keys()][77]!;
    const sent = counting(counted);
    const next = { ...state, version: 2, records: touched(state.records, key) };
    await commit(forgetful, next);
    expect(sent).toMatchObject({ put: 1, deleted: 1 });
    expect((await load(forgetful)).records).toEqual(next.records);
  });

  it('reads only the chunks that another instance wrote', async () => {
    const table = await freshTable();
    const counted = freshClient();
    const store = dynamoDbCustomerStore({ client: counted, table });
    const other = dynamoDbCustomerStore({ client, table });
    await commit(store, stateOf(a, { records: recordsOf(3_000) }));
    const seen = await load(other);
    await commit(other, { ...seen, version: 2, records: touched(seen.records, [...seen.records.keys()][5]!) });
    const sent = counting(counted);
    await load(store);
    expect(sent).toMatchObject({ read: 2, queries: 0 });
  });

  it('reads a customer again that is written while it is read', async () => {
    const table = await freshTable();
    const writer = dynamoDbCustomerStore({ client, table });
    await commit(writer, stateOf(a, { records: recordsOf(900) }));
    const slow = freshClient();
    let overtaken = 0;
    slow.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        if (overtaken > 1) return answer;
        overtaken += 1;
        // between the state and its chunks
        const state = await load(writer);
        const records = new Map(
          [...state.records].map(([key, record]) => [key, { ...record, attributes: { overtaken } }]),
        );
        await commit(writer, { ...state, version: state.version + 1, records });
        return answer;
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const state = await load(dynamoDbCustomerStore({ client: slow, table }));
    expect([...state.records.values()].every(({ attributes }) => attributes['overtaken'] === 2)).toBe(true);
  });

  it('says so when a chunk that the state names is not there', async () => {
    const table = await freshTable();
    await commit(dynamoDbCustomerStore({ client, table }), stateOf(a, { records: recordsOf(900) }));
    const chunk = (await itemsIn(table)).find(({ sk }) => sk?.S?.startsWith('CHUNK#') === true)!;
    await client.send(new DeleteItemCommand({ TableName: table, Key: { pk: chunk['pk']!, sk: chunk['sk']! } }));
    await expect(load(dynamoDbCustomerStore({ client, table }))).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      retryable: false,
      cause: { message: expect.stringContaining(a) as string },
    });
  });

  it('spreads a record that is larger than an item over several', async () => {
    const table = await freshTable();
    const random = seeded(9);
    // nothing to be made smaller
    const noise = () => Array.from({ length: 90 }, () => random().toString(36).slice(2, 12)).join('');
    const facts = Array.from({ length: 200 }, (_, i) => ({
      type: 'note.taken',
      at: firstInstant + i,
      fields: { first: noise(), second: noise() },
    }));
    const version = { assignment: 1, source: 1, read: 1 };
    const records = new Map([
      ...recordsOf(10),
      ['large', { version, retracted: false, attributes: {}, facts }] as const,
    ]);
    const store = dynamoDbCustomerStore({ client, table });
    await commit(store, stateOf(a, { records }));
    expect(Math.max(...(await itemsIn(table)).map(sizeOf))).toBeLessThan(100_000);
    const loaded = await load(dynamoDbCustomerStore({ client, table }));
    expect(loaded.records).toEqual(records);
    await commit(store, { ...loaded, version: 2, records: touched(loaded.records, 'large') });
    expect((await chunkKeys(table)).filter((key) => key.split('#').length > 4)).not.toEqual([]);
    expect(new Set((await chunkKeys(table)).map((key) => key.split('#').slice(0, 4).join('#'))).size).toBe(
      new Set((await chunkKeys(table)).map((key) => key.split('#').slice(0, 3).join('#'))).size,
    );
  });
});
