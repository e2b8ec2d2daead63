import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import { type Delivery, DeliveryStatus, isWaiting } from '../../../domain/delivery.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { DeliveryCount } from '../../../ports/action-store.ts';
import { keyOf, partitionOf } from '../table/keys.ts';
import { queryAll, type Table } from '../table/requests.ts';
import { readItem, storedNumber } from '../table/stored-attributes.ts';

/** Counters are written in the transaction that changes what they count: spread, so that few meet at one. */
const shards = 32;
const sortPrefix = 'COUNT#';

/** What changed, by the name of a counter: `n:` and `u:` with the status for deliveries and unknowns, and waiting alerts. */
export type Tally = ReadonlyMap<string, number>;

const waitingAlerts = 'alerts';

const countersOf = ({ status, unknowns, content }: Delivery): readonly (readonly [string, number])[] => [
  [`n:${status}`, 1],
  [`u:${status}`, unknowns],
  [waitingAlerts, content.kind === 'alert' && isWaiting(status) ? 1 : 0],
];

/** Takes the one out and puts the other in. */
export const tallied = (tally: Tally, before: Delivery | undefined, after: Delivery | undefined): Tally => {
  const next = new Map(tally);
  const add = (delivery: Delivery, times: number): void => {
    for (const [name, count] of countersOf(delivery)) next.set(name, (next.get(name) ?? 0) + times * count);
  };
  if (before !== undefined) add(before, -1);
  if (after !== undefined) add(after, 1);
  return new Map([...next].filter(([, count]) => count !== 0));
};

/** Any `spread` will do; the same one twice meets the same counter. */
export const countAction = (
  name: string,
  tenant: TenantId,
  { channel, spread, tally }: { readonly channel: string; readonly spread: string; readonly tally: Tally },
): TransactWriteItem => {
  const counters = [...tally];
  return {
    Update: {
      TableName: name,
      Key: keyOf(partitionOf('channel', tenant, channel), `${sortPrefix}${shardNumber(spread)}`),
      UpdateExpression: `ADD ${counters.map((_, index) => `#c${index} :c${index}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(counters.map(([counter], index) => [`#c${index}`, counter])),
      ExpressionAttributeValues: Object.fromEntries(
        counters.map(([, count], index) => [`:c${index}`, { N: String(count) }]),
      ),
    },
  };
};

const shardNumber = (spread: string): number => {
  let hash = 0;
  for (let i = 0; i < spread.length; i += 1) hash = (Math.imul(hash, 31) + spread.charCodeAt(i)) >>> 0;
  return hash % shards;
};

const readCounters = async (store: Table, tenant: TenantId, channel: string): Promise<ReadonlyMap<string, number>> => {
  const items = await queryAll(store, {
    KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :prefix)',
    ExpressionAttributeNames: { '#pk': table.partitionKey, '#sk': table.sortKey },
    ExpressionAttributeValues: {
      ':pk': { S: partitionOf('channel', tenant, channel) },
      ':prefix': { S: sortPrefix },
    },
    ConsistentRead: true,
  });
  const sums = new Map<string, number>();
  for (const { [table.partitionKey]: _, [table.sortKey]: __, ...counters } of items)
    for (const [counter, count] of Object.entries(readItem('counter', z.record(z.string(), storedNumber), counters)))
      sums.set(counter, (sums.get(counter) ?? 0) + count);
  return sums;
};

export const countAlerts = async (store: Table, tenant: TenantId, channel: string): Promise<number> =>
  (await readCounters(store, tenant, channel)).get(waitingAlerts) ?? 0;

/** By status, as the alphabet has them; finished ones count on after their item expired. */
export const countChannel = async (
  store: Table,
  tenant: TenantId,
  channel: string,
): Promise<readonly DeliveryCount[]> => {
  const sums = await readCounters(store, tenant, channel);
  return [...DeliveryStatus.options].sort().flatMap((status) => {
    const deliveries = sums.get(`n:${status}`) ?? 0;
    return deliveries === 0 ? [] : [{ channel, status, deliveries, unknowns: sums.get(`u:${status}`) ?? 0 }];
  });
};
