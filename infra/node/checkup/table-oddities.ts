import {
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { table as definition } from '../../../shared/definitions/table.ts';

/** What is missing of a table that the stores write to (`definitions/table.ts`), or is otherwise, in DynamoDB's words. */
export const tableOddities = async (
  client: DynamoDBClient,
  { TableName = '', KeySchema, GlobalSecondaryIndexes: indexes = [] }: TableDescription,
): Promise<readonly string[]> => {
  const { partitionKey, sortKey, timeToLive } = definition;
  const ofKeys = hasKeys(KeySchema, partitionKey, sortKey) ? [] : [`KeySchema ${partitionKey}, ${sortKey}`];
  const ofIndexes = Object.values(definition.indexes)
    .filter(({ name, partitionKey: partition, sortKey: sort }) => {
      const index = indexes.find(({ IndexName }) => IndexName === name);
      return !hasKeys(index?.KeySchema, partition, sort);
    })
    .map(({ name, partitionKey: partition, sortKey: sort }) => `index ${name} (${partition}, ${sort})`);
  const { TimeToLiveDescription: expiry } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  const expires = expiry?.TimeToLiveStatus === 'ENABLED' || expiry?.TimeToLiveStatus === 'ENABLING';
  const ofExpiry = expires && expiry.AttributeName === timeToLive ? [] : [`TimeToLive ${timeToLive}`];
  return [...ofKeys, ...ofIndexes, ...ofExpiry];
};

const hasKeys = (schema: readonly KeySchemaElement[] | undefined, partition: string, sort: string): boolean => {
  const nameOf = (type: 'HASH' | 'RANGE') => schema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
  return nameOf('HASH') === partition && nameOf('RANGE') === sort;
};
