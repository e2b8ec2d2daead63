import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';
import { keyOf, partitionOf } from '#shared/adapters/dynamodb/table/keys.ts';
import { dynamoDbTokenStore } from '#shared/adapters/dynamodb/token-store.ts';
import { acme, other } from '../contract/customer-states.ts';
import { tokenStoreContract } from '../contract/token-store.ts';
import { client, freshTable } from './dynamodb-table.ts';
import { tamperedClient, timedOut } from './tampered-client.ts';

tokenStoreContract('DynamoDB', async () => {
  const table = await freshTable();
  const open = () => dynamoDbTokenStore({ client, table, tenant: acme });
  return { store: open(), another: async () => open(), close: async () => undefined };
});

describe('dynamoDbTokenStore', () => {
  const token = { accessToken: 'secret', expiresAt: 5_000, extra: {} };

  it('keeps tenants apart', async () => {
    const table = await freshTable();
    const [ours, theirs] = [acme, other].map((tenant) => dynamoDbTokenStore({ client, table, tenant }));
    await ours?.save('zoho', token);
    expect(await theirs?.find('zoho')).toBeUndefined();
  });

  it('gives the lease to its taker although the first answer was lost', async () => {
    let swallowed = false;
    const deaf = tamperedClient(async ({ send }) => {
      await send();
      if (swallowed) return;
      swallowed = true;
      throw timedOut();
    });
    const store = dynamoDbTokenStore({ client: deaf, table: await freshTable(), tenant: acme });
    expect(await store.acquireLease('zoho', 'a', 1_000, 500)).toBe(true);
    expect(swallowed).toBe(true);
    expect(await store.acquireLease('zoho', 'b', 1_000, 500)).toBe(false);
  });

  it('refuses a stored token that it did not write', async () => {
    const table = await freshTable();
    const key = keyOf(partitionOf('token', acme, 'zoho'), 'TOKEN');
    await client.send(new PutItemCommand({ TableName: table, Item: { ...key, token: { S: '{"accessToken":7}' } } }));
    const store = dynamoDbTokenStore({ client, table, tenant: acme });
    await expect(store.find('zoho')).rejects.toMatchObject({ code: 'STORE_CORRUPT', retryable: false });
  });

  it('says that the store is unavailable when nobody answers', async () => {
    const nobody = connectDynamoDb({ endpoint: 'http://127.0.0.1:1' });
    onTestFinished(() => nobody.destroy());
    const store = dynamoDbTokenStore({ client: nobody, table: 'none', tenant: acme });
    const unavailable = { code: 'STORE_UNAVAILABLE', retryable: true };
    await expect(store.find('zoho')).rejects.toMatchObject(unavailable);
    await expect(store.acquireLease('zoho', 'a', 1, 1)).rejects.toMatchObject(unavailable);
  });
});
