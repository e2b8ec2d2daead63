import { type DynamoDBClient, UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { TenantId } from '../../domain/ids.ts';
import type { SharedToken, TokenStore } from '../../ports/token-store.ts';
import { conditionally } from './table/conditions.ts';
import { keyOf, partitionOf } from './table/keys.ts';
import { getAll, type Item, openTable } from './table/requests.ts';
import { readItem, storedJson } from './table/stored-attributes.ts';

export interface DynamoDbTokenStoreOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly tenant: TenantId;
}

const Token = z.object({ accessToken: z.string(), expiresAt: z.number(), extra: z.record(z.string(), z.string()) });
/** A lease may stand alone: nobody has minted yet. */
const Stored = z.object({ token: storedJson(Token).optional() });

/** One token and one lease per connection, in one item, shared by all processes of a tenant. */
export const dynamoDbTokenStore = ({ client, table, tenant }: DynamoDbTokenStoreOptions): TokenStore => {
  const store = openTable(client, table);
  const keyOfToken = (connection: string): Item => keyOf(partitionOf('token', tenant, connection), 'TOKEN');
  const update = async (
    connection: string,
    change: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>,
  ): Promise<boolean> => {
    const command = new UpdateItemCommand({ ...change, TableName: table, Key: keyOfToken(connection) });
    return (await conditionally('write a token', () => client.send(command))) === undefined;
  };
  return {
    find: async (connection): Promise<SharedToken | undefined> => {
      const [item] = await getAll(store, [keyOfToken(connection)]);
      return item === undefined ? undefined : readItem('token', Stored, item).token;
    },
    save: async (connection, token) => {
      await update(connection, {
        // whoever waits for the lease waits for this token
        UpdateExpression: 'SET #token = :token REMOVE #until, #holder',
        ExpressionAttributeNames: { '#token': 'token', '#until': 'leasedUntil', '#holder': 'holder' },
        ExpressionAttributeValues: { ':token': { S: JSON.stringify(token) } },
      });
    },
    acquireLease: (connection, holder, now, leaseMs) =>
      update(connection, {
        UpdateExpression: 'SET #holder = :holder, #until = :until',
        ConditionExpression: 'attribute_not_exists(#until) OR #until <= :now OR #holder = :holder',
        ExpressionAttributeNames: { '#until': 'leasedUntil', '#holder': 'holder' },
        ExpressionAttributeValues: {
          ':holder': { S: holder },
          ':until': { N: String(now + leaseMs) },
          ':now': { N: String(now) },
        },
      }),
  };
};
