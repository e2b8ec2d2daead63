import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { table } from '../../../definitions/table.ts';
import type { CohortId } from '../../../domain/cohort.ts';
import type { CustomerId, TenantId } from '../../../domain/ids.ts';
import { afterAll, customerOfKey, type RankKey } from '../../../domain/rank-key.ts';
import type { RowRange } from '../../../ports/cohort-store.ts';
import { answered, type Item, type Table, writeAll } from '../table/requests.ts';
import { readShards } from './cohort-directory.ts';
import { readPlaces } from './place-item.ts';
import {
  isShardWithin,
  keyOfRow,
  type RankShard,
  type RowName,
  rankPartition,
  rowBounds,
  rowItem,
  rowOfItem,
  shardOfKey,
} from './row-item.ts';

/** DynamoDB ends a page by itself at 1 MB. */
const rowsPerQuery = 1_000;

interface Walk {
  readonly after: RankKey;
  readonly upTo: RankKey;
  readonly backwards: boolean;
}

/** Walks from the nearer bound over the shards, until there are enough. */
export const readRows = async (
  store: Table,
  tenant: TenantId,
  cohort: CohortId,
  { after = '', upTo = afterAll, backwards = false, limit }: RowRange,
): Promise<readonly RankKey[]> => {
  const walk = { after, upTo, backwards };
  const found: RankKey[] = [];
  if (after >= upTo) return found;
  for await (const shard of shardsOf(store, tenant, cohort, walk)) {
    let from: Item | undefined;
    do {
      if (found.length >= limit) return found;
      const page = await readPage(store, rankPartition(tenant, cohort, shard), walk, {
        from,
        limit: limit - found.length,
      });
      found.push(...(await membersAmong(store, tenant, cohort, page.rows)));
      from = page.next;
    } while (from !== undefined);
  }
  return found;
};

/** Near a cut the rows wanted are nearly always in the shard of the bound: the others are looked up when they are needed. */
const shardsOf = async function* (
  store: Table,
  tenant: TenantId,
  cohort: CohortId,
  { after, upTo, backwards }: Walk,
): AsyncGenerator<RankShard, void, undefined> {
  const near = shardOfKey(backwards ? upTo : after);
  if (near !== undefined) yield near;
  const others = (await readShards(store, tenant, cohort)).filter(
    (shard) => shard !== near && isShardWithin(shard, after, upTo),
  );
  yield* backwards ? others.reverse() : others;
};

interface Page {
  readonly from: Item | undefined;
  readonly limit: number;
}

const readPage = async (
  { client, name }: Table,
  partition: string,
  { after, upTo, backwards }: Walk,
  { from, limit }: Page,
): Promise<{ readonly rows: readonly RowName[]; readonly next: Item | undefined }> => {
  const [low, high] = rowBounds(after, upTo);
  const command = new QueryCommand({
    TableName: name,
    KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :low AND :high',
    ExpressionAttributeNames: { '#pk': table.partitionKey, '#sk': table.sortKey },
    ExpressionAttributeValues: { ':pk': { S: partition }, ':low': { S: low }, ':high': { S: high } },
    ConsistentRead: true,
    ScanIndexForward: !backwards,
    Limit: Math.min(limit, rowsPerQuery),
    ...(from === undefined ? {} : { ExclusiveStartKey: from }),
  });
  const { Items = [], LastEvaluatedKey } = await answered('read rows of a cohort', () => client.send(command));
  return { rows: Items.map(rowOfItem), next: LastEvaluatedKey };
};

/** The place is read after the row, and is put before it: a row that it does not name will never count again. */
const membersAmong = async (
  store: Table,
  tenant: TenantId,
  cohort: CohortId,
  rows: readonly RowName[],
): Promise<readonly RankKey[]> => {
  const customerOf = (row: RowName): CustomerId => customerOfKey(keyOfRow(row));
  const places = await readPlaces(store, tenant, cohort, rows.map(customerOf));
  const counts = (row: RowName): boolean => places.get(customerOf(row))?.row === row;
  const left = rows.filter((row) => !counts(row));
  await writeAll(
    store,
    left.map((row) => ({ DeleteRequest: { Key: rowItem(tenant, cohort, row) } })),
  );
  return rows.filter(counts).map(keyOfRow);
};
