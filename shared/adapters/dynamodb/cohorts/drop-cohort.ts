import { table } from '../../../definitions/table.ts';
import type { CohortId } from '../../../domain/cohort.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { type Item, queryAll, type Table, writeAll } from '../table/requests.ts';
import { directoryKey, readShards } from './cohort-directory.ts';
import { headKey } from './head-item.ts';
import { placePartitions } from './place-item.ts';
import { rankPartition } from './row-item.ts';

/** Rows, then places, then what names them: so that a walk that was broken off can go on. */
export const dropCohort = async (store: Table, tenant: TenantId, cohort: CohortId, limit: number): Promise<boolean> => {
  const shards = await readShards(store, tenant, cohort);
  const partitions = [
    ...shards.map((shard) => rankPartition(tenant, cohort, shard)),
    ...placePartitions(tenant, cohort),
  ];
  let left = limit;
  for (const partition of partitions) {
    const keys = await keysIn(store, partition, left);
    await remove(store, keys);
    left -= keys.length;
    if (left <= 0) return false;
  }
  await remove(store, [headKey(tenant, cohort)]);
  await remove(store, [directoryKey(tenant, cohort)]);
  return true;
};

const keysIn = async (store: Table, partition: string, limit: number): Promise<readonly Item[]> => {
  const query = {
    KeyConditionExpression: '#pk = :pk',
    ProjectionExpression: '#pk, #sk',
    ExpressionAttributeNames: { '#pk': table.partitionKey, '#sk': table.sortKey },
    ExpressionAttributeValues: { ':pk': { S: partition } },
    ConsistentRead: true,
    Limit: limit,
  };
  return (await queryAll(store, query, limit)).slice(0, limit);
};

const remove = (store: Table, keys: readonly Item[]): Promise<void> =>
  writeAll(
    store,
    keys.map((Key) => ({ DeleteRequest: { Key } })),
  );
