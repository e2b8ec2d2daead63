import { PutItemCommand, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamoDbCustomerStore } from '#shared/adapters/dynamodb/customers/customer-store.ts';
import { itemOfState, stateKey } from '#shared/adapters/dynamodb/customers/state-item.ts';
import { storeRecords } from '#shared/adapters/dynamodb/customers/stored-records.ts';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';
import { acme, customerOf, entryOf, firstInstant, hexOf, recordsOf, stateOf } from '../contract/customer-states.ts';
import { customerStoreContract } from '../contract/customer-store.ts';
import { faultyDynamoDb } from '../kit/faulty-dynamodb.ts';
import { client, freshClient, freshTable } from './dynamodb-table.ts';

customerStoreContract('DynamoDB', async () => {
  const table = await freshTable();
  const open = () => dynamoDbCustomerStore({ client, table });
  return { store: open(), another: async () => open(), close: async () => undefined };
});

customerStoreContract('DynamoDB, remembering no customer of many records', async () => {
  const table = await freshTable();
  const open = () => dynamoDbCustomerStore({ client, table, memoryBytes: 10_000 });
  return { store: open(), another: async () => open(), close: async () => undefined };
});

describe('dynamoDbCustomerStore', () => {
  const a = customerOf('a');
  const b = customerOf('b');
  const pending = [{ key: 'k', value: 'v', at: 1 }];

  it('knows its own put again when the answer to the first attempt got lost', async () => {
    const table = await freshTable();
    const losing = freshClient();
    const store = dynamoDbCustomerStore({ client: losing, table });
    // the put is carried out and its answer lost, then nothing more goes wrong
    const faults = faultyDynamoDb(losing, { rate: 0.5, random: scripted(0, 0.9) });
    const state = stateOf(a, { due: 1_000, pending, records: recordsOf(5) });
    expect(await store.commitAll([{ next: state, entries: [] }])).toEqual([{ outcome: 'committed' }]);
    expect(faults['timed-out-after']).toBe(1);
    expect(await store.findAll(acme, [a])).toEqual(new Map([[a, state]]));
  });

  it('knows it although the pending list was emptied and the customer claimed meanwhile', async () => {
    const table = await freshTable();
    const losing = freshClient();
    const others = dynamoDbCustomerStore({ client, table });
    const state = stateOf(a, { due: 1_000, pending });
    let calls = 0;
    losing.middlewareStack.add(
      (next) => async (args) => {
        calls += 1;
        const answer = await next(args);
        if (calls > 1) return answer;
        await others.markPublished(acme, [{ customer: a, version: 1 }]);
        await others.claimDue(acme, 1_000, 1);
        throw Object.assign(new Error('timed out'), { name: 'TimeoutError' });
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const store = dynamoDbCustomerStore({ client: losing, table });
    expect(await store.commitAll([{ next: state, entries: [] }])).toEqual([{ outcome: 'committed' }]);
    expect(calls).toBe(2);
    expect((await others.findAll(acme, [a])).get(a)).toEqual({ ...state, pending: [] });
  });

  it('gives back the customers whose put failed, and goes on with the others', async () => {
    const table = await freshTable();
    const faulty = freshClient();
    faulty.middlewareStack.add(
      (next) => async (args) => {
        const item = (args.input as { readonly Item?: { readonly pk?: { readonly S?: string } } }).Item;
        if (item?.pk?.S?.endsWith(a) === true) throw Object.assign(new Error('throttled'), { name: 'SlowDown' });
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const store = dynamoDbCustomerStore({ client: faulty, table });
    const outcomes = await store.commitAll([a, b].map((customer) => ({ next: stateOf(customer), entries: [] })));
    expect(outcomes).toEqual([
      {
        outcome: 'unavailable',
        cause: expect.objectContaining({ code: 'STORE_UNAVAILABLE', retryable: true }) as unknown,
      },
      { outcome: 'committed' },
    ]);
    expect([...(await store.findAll(acme, [a, b])).keys()]).toEqual([b]);
  });

  it('writes no state of which the entries could not be written ahead', async () => {
    const table = await freshTable();
    const faulty = freshClient();
    faulty.middlewareStack.add(
      (next) => async (args) => {
        if ('RequestItems' in args.input && JSON.stringify(args.input).includes('PutRequest'))
          throw Object.assign(new Error('refused'), { name: 'AccessDeniedException' });
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const store = dynamoDbCustomerStore({ client: faulty, table });
    const outcomes = await store.commitAll([
      { next: stateOf(a, { ledger: { seq: 1, hash: hexOf('1') } }), entries: [entryOf(a, 1, '', hexOf('1'))] },
      { next: stateOf(b), entries: [] },
    ]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['unavailable', 'committed']);
    expect([...(await store.findAll(acme, [a, b])).keys()]).toEqual([b]);
  });

  it('takes away what a lost race wrote ahead', async () => {
    const table = await freshTable();
    const store = dynamoDbCustomerStore({ client, table });
    await store.commitAll([{ next: stateOf(a), entries: [] }]);
    const lost = stateOf(a, { records: recordsOf(600), ledger: { seq: 1, hash: hexOf('x') } });
    const [outcome] = await store.commitAll([{ next: lost, entries: [entryOf(a, 1, '', hexOf('x'))] }]);
    expect(outcome).toEqual({ outcome: 'lost', stored: stateOf(a) });
    expect((await client.send(new ScanCommand({ TableName: table }))).Count).toBe(1);
  });

  it('leaves what a winner may have built on although the writer heard of no success', async () => {
    const table = await freshTable();
    const losing = freshClient();
    const others = dynamoDbCustomerStore({ client, table });
    const entry = entryOf(a, 1, '', hexOf('mine'));
    const state = stateOf(a, { ledger: { seq: 1, hash: entry.hash } });
    let lostAnswers = 0;
    losing.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        if (!('Item' in args.input) || lostAnswers > 0) return answer;
        lostAnswers += 1;
        await others.commitAll([{ next: { ...state, version: 2 }, entries: [] }]);
        throw Object.assign(new Error('timed out'), { name: 'TimeoutError' });
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const store = dynamoDbCustomerStore({ client: losing, table });
    const outcomes = await store.commitAll([{ next: state, entries: [entry] }]);
    expect(outcomes).toEqual([{ outcome: 'lost', stored: { ...state, version: 2 } }]);
    expect(await others.readLedger(acme, a)).toEqual([entry]);
  });

  it('gives up an attempt that took so long that an audit might take what it wrote for left behind', async () => {
    const times = [0, 11 * 60_000];
    const store = dynamoDbCustomerStore({ client, table: await freshTable(), wallNow: () => times.shift() ?? 0 });
    const outcomes = await store.commitAll([{ next: stateOf(a), entries: [] }]);
    expect(outcomes).toMatchObject([{ outcome: 'unavailable', cause: { code: 'STORE_UNAVAILABLE', retryable: true } }]);
    expect(await store.findAll(acme, [a])).toEqual(new Map());
  });

  it('rewrites the index of due customers only when a timer comes earlier', async () => {
    const table = await freshTable();
    const store = dynamoDbCustomerStore({ client, table });
    const placeOf = async () =>
      (await client.send(new ScanCommand({ TableName: table, IndexName: 'due' }))).Items?.[0]?.['claimableAt']?.N;
    const put = async (version: number, due: number) => {
      await store.findAll(acme, [a]);
      await store.commitAll([{ next: stateOf(a, { version, due }), entries: [] }]);
      return placeOf();
    };
    expect(await put(1, 5_000)).toBe('5000');
    expect(await put(2, 9_000)).toBe('5000');
    expect(await put(3, 4_000)).toBe('4000');
    expect(await put(4, 8_000)).toBe('4000');
    expect(await store.claimDue(acme, 4_000, 10)).toEqual([]);
    expect(await placeOf()).toBe('8000');
    expect(await store.claimDue(acme, 8_000, 10)).toEqual([{ customer: a, due: 8_000 }]);
    expect(await put(5, firstInstant)).toBe(String(firstInstant));
  });

  it('names the customer that owes more than one item holds', async () => {
    const store = dynamoDbCustomerStore({ client, table: await freshTable() });
    let seed = 1;
    const noise = () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0).toString(36);
    const value = Array.from({ length: 120_000 }, noise).join('');
    const outcomes = await store.commitAll([
      { next: stateOf(a, { pending: [{ key: 'k', value, at: 1 }] }), entries: [] },
    ]);
    expect(outcomes).toMatchObject([
      {
        outcome: 'unavailable',
        cause: { code: 'STORE_FULL', retryable: false, message: expect.stringContaining(a) as string },
      },
    ]);
  });

  it('refuses a stored customer that it did not write', async () => {
    const table = await freshTable();
    const store = dynamoDbCustomerStore({ client, table });
    const { records, ...state } = stateOf(a);
    const place = { kind: 'inside', packed: storeRecords(records) } as const;
    const good = itemOfState({ state, place, claimableAt: undefined, attempt: hexOf('x').slice(0, 12) });
    await client.send(new PutItemCommand({ TableName: table, Item: good }));
    expect(await store.findAll(acme, [a])).toEqual(new Map([[a, stateOf(a)]]));
    const { records: _, ...withoutRecords } = good;
    const faulty = [
      ...[
        [9, 9],
        [0, 9],
        [1, 9],
      ].map((bytes) => ({ ...good, records: { B: new Uint8Array(bytes) } })),
      stateKey(acme, a),
      withoutRecords,
    ];
    for (const Item of faulty) {
      await client.send(new PutItemCommand({ TableName: table, Item }));
      await expect(store.findAll(acme, [a])).rejects.toMatchObject({ code: 'STORE_CORRUPT', retryable: false });
    }
  });

  it('refuses a ledger entry that it did not write', async () => {
    const table = await freshTable();
    const store = dynamoDbCustomerStore({ client, table });
    const entry = entryOf(a, 1, '', hexOf('1'));
    await store.commitAll([{ next: stateOf(a, { ledger: { seq: 1, hash: entry.hash } }), entries: [entry] }]);
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
    const body = Items.find(({ sk }) => sk?.S?.startsWith('BODY#') === true);
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { pk: body!['pk']!, sk: body!['sk']! },
        UpdateExpression: 'SET body = :bytes',
        ExpressionAttributeValues: { ':bytes': { B: new Uint8Array([1, 2, 3]) } },
      }),
    );
    await expect(store.readLedger(acme, a)).rejects.toMatchObject({ code: 'STORE_CORRUPT', retryable: false });
  });

  it('keeps a link whose body is gone', async () => {
    const store = dynamoDbCustomerStore({ client, table: await freshTable() });
    const erased = { ...entryOf(a, 1, '', hexOf('1')), body: undefined };
    await store.commitAll([{ next: stateOf(a, { ledger: { seq: 1, hash: erased.hash } }), entries: [erased] }]);
    expect(await store.readLedger(acme, a)).toEqual([erased]);
  });

  it('refuses to go on listing from what is no place', async () => {
    const store = dynamoDbCustomerStore({ client, table: await freshTable() });
    await expect(store.listCustomers(acme, 'nowhere', 1)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('says that the store is unavailable when nobody answers', async () => {
    const nobody = connectDynamoDb({ endpoint: 'http://127.0.0.1:1' });
    const store = dynamoDbCustomerStore({ client: nobody, table: 'none' });
    const unavailable = { code: 'STORE_UNAVAILABLE', retryable: true };
    await expect(store.findAll(acme, [a])).rejects.toMatchObject(unavailable);
    await expect(store.claimDue(acme, 1, 1)).rejects.toMatchObject(unavailable);
    const outcomes = await store.commitAll([{ next: stateOf(a), entries: [] }]);
    expect(outcomes).toMatchObject([{ outcome: 'unavailable', cause: unavailable }]);
    nobody.destroy();
  });
});

/** These numbers, then 1 for ever. */
const scripted = (...numbers: readonly number[]): (() => number) => {
  const left = [...numbers];
  return () => left.shift() ?? 1;
};
