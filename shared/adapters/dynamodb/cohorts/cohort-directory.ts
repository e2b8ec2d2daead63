import { createHash } from 'node:crypto';
import { QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import { CohortId } from '../../../domain/cohort.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { CohortPage } from '../../../ports/cohort-store.ts';
import { keyOf, partitionOf } from '../table/keys.ts';
import { answered, getAll, type Item, type Table } from '../table/requests.ts';
import { readItem, storedText } from '../table/stored-attributes.ts';
import type { RankShard } from './row-item.ts';

/** Which cohorts there are, and in which shards each ever had rows: written when one is new, hardly ever. */
const prefix = 'SHARDS#';

const DirectoryItem = z.object({
  cohort: storedText.pipe(CohortId),
  shards: z
    .object({ SS: z.array(z.string()) })
    .transform(({ SS }) => SS)
    .optional(),
});

const directoryPartition = (tenant: TenantId): string => partitionOf('cohorts', tenant, '');

/** An id may be longer than a sort key. */
export const directoryKey = (tenant: TenantId, cohort: CohortId): Item =>
  keyOf(directoryPartition(tenant), `${prefix}${createHash('sha256').update(cohort).digest('hex')}`);

/** In their order. Strongly consistent. */
export const readShards = async (store: Table, tenant: TenantId, cohort: CohortId): Promise<readonly RankShard[]> => {
  const [item] = await getAll(store, [directoryKey(tenant, cohort)]);
  return item === undefined ? [] : [...(readItem('directory of shards', DirectoryItem, item).shards ?? [])].sort();
};

/** Before a row is put in a shard, so that every row is found. */
export const addShards = async (
  { client, name }: Table,
  tenant: TenantId,
  cohort: CohortId,
  shards: readonly RankShard[],
): Promise<void> => {
  const [clause, values] =
    shards.length === 0 ? ['', {}] : [' ADD #shards :shards', { ':shards': { SS: [...shards] } }];
  const command = new UpdateItemCommand({
    TableName: name,
    Key: directoryKey(tenant, cohort),
    UpdateExpression: `SET #cohort = :cohort${clause}`,
    ExpressionAttributeNames: { '#cohort': 'cohort', ...(shards.length === 0 ? {} : { '#shards': 'shards' }) },
    ExpressionAttributeValues: { ':cohort': { S: cohort }, ...values },
  });
  await answered('write the shards of a cohort', () => client.send(command));
};

/** Of the head of a cohort that is new: whoever lists cohorts finds it. */
export const register = (store: Table, tenant: TenantId, cohort: CohortId): Promise<void> =>
  addShards(store, tenant, cohort, []);

export const listCohorts = async (
  { client, name }: Table,
  tenant: TenantId,
  after: string | undefined,
  limit: number,
): Promise<CohortPage> => {
  const command = new QueryCommand({
    TableName: name,
    KeyConditionExpression: '#pk = :pk AND #sk > :after',
    ExpressionAttributeNames: { '#pk': table.partitionKey, '#sk': table.sortKey },
    ExpressionAttributeValues: { ':pk': { S: directoryPartition(tenant) }, ':after': { S: after ?? prefix } },
    ConsistentRead: true,
    Limit: limit,
  });
  const { Items = [], LastEvaluatedKey } = await answered('list cohorts', () => client.send(command));
  const cohorts = Items.map((item) => readItem('directory of shards', DirectoryItem, item).cohort);
  return { cohorts, next: LastEvaluatedKey?.[table.sortKey]?.S };
};
