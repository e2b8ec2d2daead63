import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '../../domain/ids.ts';
import { keyOf, partitionOf } from './table/keys.ts';
import { answered, getAll, openTable } from './table/requests.ts';

/** What an installation remembers of itself: small texts by name. */
export const dynamoDbMemory = (options: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly tenant: TenantId;
}) => {
  const { client, table: name, tenant } = options;
  const store = openTable(client, name);
  const key = (of: string) => keyOf(partitionOf('memory', tenant, ''), of);
  return {
    recall: async (of: string): Promise<string | undefined> => (await getAll(store, [key(of)]))[0]?.['value']?.S,
    remember: async (of: string, value: string): Promise<void> => {
      const Item = { ...key(of), value: { S: value } };
      await answered('remember', () => client.send(new PutItemCommand({ TableName: name, Item })));
    },
  };
};
