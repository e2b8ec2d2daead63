import { table } from '../../../definitions/table.ts';
import type { Instant } from '../../../domain/instant.ts';
import { type Item, queryAll, sideBySide, type Table } from './requests.ts';

type Index = (typeof table.indexes)[keyof typeof table.indexes];

/** An index entry: the key of its item, and where it stands. */
export interface Indexed {
  readonly key: Item;
  readonly at: Instant;
}

interface Range {
  readonly shards: readonly string[];
  readonly until: Instant;
  /** None where it is absent. */
  readonly limit?: number;
}

/**
 * What stands at or before `until` in these partitions of an index, earliest first. An index hears of a write a moment
 * later: whoever acts on an entry has to look at the item.
 */
export const keysInIndex = async (
  store: Table,
  index: Index,
  { shards, until, limit }: Range,
): Promise<readonly Indexed[]> => {
  const found = await sideBySide(shards, shards.length, (shard) =>
    queryAll(
      store,
      {
        IndexName: index.name,
        KeyConditionExpression: '#shard = :shard AND #at <= :until',
        ExpressionAttributeNames: { '#shard': index.partitionKey, '#at': index.sortKey },
        ExpressionAttributeValues: { ':shard': { S: shard }, ':until': { N: String(until) } },
        ...(limit === undefined ? {} : { Limit: limit }),
      },
      limit,
    ),
  );
  return found
    .flat()
    .map((entry) => ({ key: tableKeyOf(entry), at: Number(entry[index.sortKey]?.N) }))
    .sort((a, b) => a.at - b.at)
    .slice(0, limit);
};

const tableKeyOf = ({ [table.partitionKey]: partition, [table.sortKey]: sort }: Item): Item => ({
  ...(partition === undefined ? {} : { [table.partitionKey]: partition }),
  ...(sort === undefined ? {} : { [table.sortKey]: sort }),
});
