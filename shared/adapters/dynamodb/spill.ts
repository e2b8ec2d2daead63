import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { limits } from '../../definitions/limits.ts';
import { table as definition } from '../../definitions/table.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Spill, SpilledDelivery } from '../../ports/spill.ts';
import {
  headKey,
  headOf,
  headPrefix,
  hintsIn,
  itemsOfDelivery,
  partKeysOf,
  type SpillHead,
  spillIdOf,
} from './spill-item.ts';
import { updateIf } from './table/conditions.ts';
import { shardsOf } from './table/keys.ts';
import { getAll, openTable, queryAll, sideBySide, type Table } from './table/requests.ts';
import { transact } from './table/transactions.ts';

export interface DynamoDbSpillOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly tenant: TenantId;
  /** A new one with every call. */
  readonly uuid: () => string;
}

/** Requests in flight of one call. */
const width = 10;

/**
 * A delivery is a small head and the deflated hints in parts, written and removed in one transaction: there is no half of
 * one. What can be claimed is read from the table itself: nothing is found late.
 */
export const dynamoDbSpill = ({ client, table, tenant, uuid }: DynamoDbSpillOptions): Spill => {
  const store = openTable(client, table);
  return {
    put: async (hints, wallNow) => {
      if (hints.length === 0) return;
      const items = itemsOfDelivery(tenant, spillIdOf(wallNow, uuid()), { hints, wallNow });
      await transact(
        store,
        'spill a delivery',
        items.map((Item) => ({ Put: { TableName: table, Item } })),
      );
    },
    claim: async (wallNow, limit) => {
      const heads = await readHeads(store, tenant, { claimableBy: wallNow, most: limit });
      const oldest = heads.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
      const claimed = (await sideBySide(oldest, width, (head) => claimHead(store, tenant, head, wallNow))).flat();
      return readDeliveries(store, tenant, claimed);
    },
    remove: async (ids) => {
      const heads = (
        await getAll(
          store,
          ids.map((id) => headKey(tenant, id)),
        )
      ).map(headOf);
      await sideBySide(heads, width, ({ id, parts }) =>
        transact(
          store,
          'remove a spilled delivery',
          [headKey(tenant, id), ...partKeysOf(tenant, id, parts)].map((Key) => ({ Delete: { TableName: table, Key } })),
        ),
      );
    },
    count: async () => {
      const counts = new Map<string, number>();
      for (const head of await readHeads(store, tenant))
        for (const [connection, hints] of Object.entries(head.counts))
          counts.set(connection, (counts.get(connection) ?? 0) + hints);
      return counts;
    },
  };
};

const readHeads = async (
  store: Table,
  tenant: TenantId,
  claimable?: { readonly claimableBy: Instant; readonly most: number },
): Promise<readonly SpillHead[]> => {
  const shards = shardsOf('spill', tenant);
  const items = await sideBySide(shards, shards.length, (shard) =>
    queryAll(
      store,
      {
        KeyConditionExpression: '#pk = :shard AND begins_with(#sk, :prefix)',
        ExpressionAttributeNames: {
          ...{ '#pk': definition.partitionKey, '#sk': definition.sortKey },
          ...(claimable === undefined ? {} : { '#at': 'claimableAt' }),
        },
        ExpressionAttributeValues: {
          ...{ ':shard': { S: shard }, ':prefix': { S: headPrefix } },
          ...(claimable === undefined ? {} : { ':now': { N: String(claimable.claimableBy) } }),
        },
        ...(claimable === undefined ? {} : { FilterExpression: '#at <= :now' }),
        ConsistentRead: true,
      },
      claimable?.most,
    ),
  );
  return items.flat().map(headOf);
};

const claimHead = async (
  store: Table,
  tenant: TenantId,
  head: SpillHead,
  wallNow: Instant,
): Promise<readonly SpillHead[]> => {
  const claimed = await updateIf(store, headKey(tenant, head.id), {
    UpdateExpression: 'SET #at = :until',
    ConditionExpression: '#at = :seen',
    ExpressionAttributeNames: { '#at': 'claimableAt' },
    ExpressionAttributeValues: {
      ':seen': { N: String(head.claimableAt) },
      ':until': { N: String(wallNow + limits.spillClaimMs) },
    },
  });
  return claimed === undefined ? [] : [head];
};

/** One that cannot be read does not hold up the others; alone it says so. */
const readDeliveries = async (
  store: Table,
  tenant: TenantId,
  heads: readonly SpillHead[],
): Promise<readonly SpilledDelivery[]> => {
  const failures: unknown[] = [];
  const read = await sideBySide(heads, width, async ({ id, parts }): Promise<SpilledDelivery[]> => {
    try {
      const items = await getAll(store, partKeysOf(tenant, id, parts));
      // some are gone: whoever claimed it before has just removed it
      return items.length === parts ? [{ id, hints: hintsIn(items) }] : [];
    } catch (error) {
      failures.push(error);
      return [];
    }
  });
  const deliveries = read.flat();
  if (deliveries.length === 0 && failures.length > 0) throw failures[0];
  return deliveries;
};
