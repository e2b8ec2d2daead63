import { limits } from '../../definitions/limits.ts';
import { table } from '../../definitions/table.ts';
import type { CustomerId, TenantId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { DueCustomer } from '../../ports/customer-store.ts';
import { updateIf } from './conditions.ts';
import { queryAll, sideBySide, type Table } from './requests.ts';
import { readCustomerKey, shardsOf, stateKey, stateOfItem } from './state-item.ts';

/** Claims in flight of one call. */
const width = 25;

type Index = (typeof table.indexes)[keyof typeof table.indexes];

export interface Indexed {
  readonly customer: CustomerId;
  readonly at: Instant;
}

/** Of all shards of an index, what stands at or before `until`, earliest first, up to `limit`. */
export const queryShards = async (
  store: Table,
  tenant: TenantId,
  { index, until, limit }: { readonly index: Index; readonly until: Instant; readonly limit: number },
): Promise<readonly Indexed[]> => {
  const shards = await sideBySide(shardsOf(tenant), width, (shard) =>
    queryAll(
      store,
      {
        IndexName: index.name,
        KeyConditionExpression: '#shard = :shard AND #at <= :until',
        ExpressionAttributeNames: { '#shard': index.partitionKey, '#at': index.sortKey },
        ExpressionAttributeValues: { ':shard': { S: shard }, ':until': { N: String(until) } },
        Limit: limit,
      },
      limit,
    ),
  );
  return shards
    .flat()
    .map((item) => ({
      customer: readCustomerKey(item[table.partitionKey]?.S ?? '').customer,
      at: Number(item[index.sortKey]?.N),
    }))
    .sort((a, b) => a.at - b.at)
    .slice(0, limit);
};

/** A claim moves the customer in the index to the instant at which it ends: until then nobody finds it there. */
export const claimDue = async (
  store: Table,
  tenant: TenantId,
  now: Instant,
  limit: number,
): Promise<readonly DueCustomer[]> => {
  const { due: index } = table.indexes;
  const candidates = await queryShards(store, tenant, { index, until: now, limit });
  const claimed = await sideBySide(candidates, width, async ({ customer, at }): Promise<DueCustomer[]> => {
    const item = await updateIf(store, stateKey(tenant, customer), {
      UpdateExpression: 'SET #at = :later',
      ConditionExpression: '#at = :seen',
      ExpressionAttributeNames: { '#at': index.sortKey },
      ExpressionAttributeValues: { ':seen': { N: String(at) }, ':later': { N: String(now + limits.dueClaimMs) } },
    });
    return item === undefined ? [] : [{ customer, due: stateOfItem(item).due ?? at }];
  });
  return claimed.flat().sort((a, b) => a.due - b.due);
};
