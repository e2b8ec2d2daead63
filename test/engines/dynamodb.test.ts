import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { createTable } from '#shared/adapters/dynamodb/create-table.ts';
import { dynamoDbCustomerStore } from '#shared/adapters/dynamodb/customer-store.ts';
import { itemOfState, stateKey } from '#shared/adapters/dynamodb/state-item.ts';
import { acme, customerOf, entryOf, hexOf, stateOf } from '../contract/customer-states.ts';
import { customerStoreContract } from '../contract/customer-store.ts';
import { engineAddress } from './engine-address.ts';

const clientOf = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });

const client = clientOf(engineAddress('DYNAMODB_ENDPOINT'));
afterAll(() => client.destroy());

const run = process.hrtime.bigint().toString(36);
let opened = 0;

/** A table of its own: DynamoDB Local may outlive the test. */
const freshTable = async (): Promise<string> => {
  const name = `regrade-${run}-${(opened += 1)}`;
  await createTable(client, name);
  return name;
};

customerStoreContract('DynamoDB', async () => {
  const table = await freshTable();
  const open = () => dynamoDbCustomerStore({ client, table });
  return { store: open(), another: async () => open(), close: async () => undefined };
});

describe('dynamoDbCustomerStore', () => {
  const a = customerOf('a');

  it('knows its own put again when the answer to the first attempt got lost', async () => {
    const table = await freshTable();
    const store = dynamoDbCustomerStore({ client, table });
    const state = stateOf(a, { due: 1_000, pending: [{ key: 'k', value: 'v', at: 1 }] });
    await client.send(new PutItemCommand({ TableName: table, Item: itemOfState(state) }));
    expect(await store.commitAll([{ next: state, entries: [] }])).toEqual([{ outcome: 'committed' }]);
    expect(await store.commitAll([{ next: { ...state, decidedAt: 7 }, entries: [] }])).toEqual([{ outcome: 'lost' }]);
  });

  it('names the customer whose facts no longer fit one item', async () => {
    const store = dynamoDbCustomerStore({ client, table: await freshTable() });
    const facts = Array.from({ length: 2_000 }, (_, i) => ({
      type: 'note.taken',
      at: i,
      fields: { text: `${i}`.repeat(60) },
    }));
    const records = new Map([
      ['r', { version: { assignment: 1, source: 1, read: 1 }, retracted: false, attributes: {}, facts }],
    ]);
    await expect(store.commitAll([{ next: stateOf(a, { records }), entries: [] }])).rejects.toMatchObject({
      code: 'STORE_FULL',
      retryable: false,
      message: expect.stringContaining(a) as string,
    });
  });

  it('refuses a stored customer that it did not write', async () => {
    const table = await freshTable();
    const store = dynamoDbCustomerStore({ client, table });
    const damaged = { ...itemOfState(stateOf(a)), records: { B: new Uint8Array([9, 9]) } };
    await client.send(new PutItemCommand({ TableName: table, Item: damaged }));
    const corrupt = { code: 'STORE_CORRUPT', retryable: false };
    await expect(store.findAll(acme, [a])).rejects.toMatchObject(corrupt);
    await client.send(new PutItemCommand({ TableName: table, Item: stateKey(acme, a) }));
    await expect(store.findAll(acme, [a])).rejects.toMatchObject(corrupt);
  });

  it('keeps a link whose body is gone', async () => {
    const store = dynamoDbCustomerStore({ client, table: await freshTable() });
    const erased = { ...entryOf(a, 1, '', hexOf('1')), body: undefined };
    await store.commitAll([{ next: stateOf(a, { ledger: { seq: 1, hash: erased.hash } }), entries: [erased] }]);
    expect(await store.readLedger(acme, a)).toEqual([erased]);
  });

  it('says that the store is unavailable when nobody answers', async () => {
    const nobody = clientOf('http://127.0.0.1:1');
    const store = dynamoDbCustomerStore({ client: nobody, table: 'none' });
    const unavailable = { code: 'STORE_UNAVAILABLE', retryable: true };
    await expect(store.findAll(acme, [a])).rejects.toMatchObject(unavailable);
    await expect(store.commitAll([{ next: stateOf(a), entries: [] }])).rejects.toMatchObject(unavailable);
    await expect(store.claimDue(acme, 1, 1)).rejects.toMatchObject(unavailable);
    nobody.destroy();
  });
});
