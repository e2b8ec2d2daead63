import { table } from '../../../definitions/table.ts';
import { type Item, queryAll, type Table } from './requests.ts';

/** Everything of a partition under sort keys that begin so. Strongly consistent. */
export const withPrefix = (store: Table, partition: string, prefix: string): Promise<readonly Item[]> =>
  queryAll(store, {
    KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :prefix)',
    ExpressionAttributeNames: { '#pk': table.partitionKey, '#sk': table.sortKey },
    ExpressionAttributeValues: { ':pk': { S: partition }, ':prefix': { S: prefix } },
    ConsistentRead: true,
  });
