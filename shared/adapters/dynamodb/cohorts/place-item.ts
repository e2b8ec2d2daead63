import { UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import type { CohortId } from '../../../domain/cohort.ts';
import type { NetMove } from '../../../domain/cohort-head.ts';
import { CustomerId, type TenantId } from '../../../domain/ids.ts';
import type { RankKey } from '../../../domain/rank-key.ts';
import { conditionally } from '../table/conditions.ts';
import { keyOf, shardOf, shardsOf } from '../table/keys.ts';
import { getAll, type Item, sideBySide, type Table } from '../table/requests.ts';
import { readItem, storedNumber, storedText } from '../table/stored-attributes.ts';
import { keyOfRow, RowName, rowNameOf } from './row-item.ts';

/** The one row that counts of a customer, and the row before it, in case a crash left it standing. */
export interface StoredPlace {
  readonly customer: CustomerId;
  readonly version: number;
  readonly row: RowName | undefined;
  readonly was: RowName | undefined;
}

const prefix = 'PLACE#';
/** Stands where there is no row: an attribute that is absent could not be told from one never written. */
const none = '-';

const storedRow = storedText.transform((name) => (name === none ? undefined : RowName.parse(name)));
const PlaceItem = z.object({
  [table.sortKey]: storedText.transform((sort) => CustomerId.parse(sort.slice(prefix.length))),
  version: storedNumber,
  row: storedRow,
  was: storedRow,
});

const placeKey = (tenant: TenantId, cohort: CohortId, customer: CustomerId): Item =>
  keyOf(shardOf('place', tenant, customer, cohort), `${prefix}${customer}`);

/** The partitions that hold the places of a cohort. */
export const placePartitions = (tenant: TenantId, cohort: CohortId): readonly string[] =>
  shardsOf('place', tenant, cohort);

const placeOfItem = (item: Item): StoredPlace => {
  const { [table.sortKey]: customer, ...place } = readItem('place', PlaceItem, item);
  return { customer, ...place };
};

/** Keys of one read; reads in flight. */
const perRead = 100;
const readsAtOnce = 8;

/** Customers that were never members are absent. Strongly consistent. */
export const readPlaces = async (
  store: Table,
  tenant: TenantId,
  cohort: CohortId,
  customers: readonly CustomerId[],
): Promise<ReadonlyMap<CustomerId, StoredPlace>> => {
  const keys = [...new Set(customers)].map((customer) => placeKey(tenant, cohort, customer));
  const pages = Array.from({ length: Math.ceil(keys.length / perRead) }, (_, page) =>
    keys.slice(page * perRead, (page + 1) * perRead),
  );
  const items = await sideBySide(pages, readsAtOnce, (page) => getAll(store, page));
  return new Map(
    items
      .flat()
      .map(placeOfItem)
      .map((place) => [place.customer, place]),
  );
};

/** Lets the place follow a move. Returns it if it stands by this move, now or since before; undefined where it is newer. */
export const movePlace = async (
  store: Table,
  tenant: TenantId,
  cohort: CohortId,
  move: NetMove,
): Promise<StoredPlace | undefined> => {
  const { customer, key, version } = move;
  const row = key === null ? none : rowNameOf(key, version);
  const answer = await update(store, placeKey(tenant, cohort, customer), {
    UpdateExpression: 'SET #was = if_not_exists(#row, :none), #row = :row, #version = :version',
    ConditionExpression: 'attribute_not_exists(#version) OR #version < :version',
    ExpressionAttributeNames: { '#was': 'was', '#row': 'row', '#version': 'version' },
    ExpressionAttributeValues: { ':none': { S: none }, ':row': { S: row }, ':version': { N: String(version) } },
  });
  const place = placeOfItem(answer);
  return place.version === version ? place : undefined;
};

/** The item as the update left it, or as it refused it. */
const update = async (
  { client, name }: Table,
  key: Item,
  change: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>,
): Promise<Item> => {
  const command = new UpdateItemCommand({
    ...change,
    TableName: name,
    Key: key,
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  let left: Item | undefined;
  const refused = await conditionally('move a customer in its cohort', async () => {
    left = (await client.send(command)).Attributes;
  });
  return refused?.Item ?? left ?? {};
};

/** Null for a customer that left. */
export const keyOfPlace = ({ row }: StoredPlace): RankKey | null => (row === undefined ? null : keyOfRow(row));
