import { table as definition } from '../../../definitions/table.ts';
import type { Instant } from '../../../domain/instant.ts';
import { updateIf } from '../table/conditions.ts';
import { getAll, queryAll, sideBySide, type Table } from '../table/requests.ts';
import { transact } from '../table/transactions.ts';
import {
  contentIn,
  headKey,
  headOf,
  itemsOfParcel,
  type Parcel,
  type ParcelHead,
  type ParcelKind,
  partKeysOf,
} from './parcel-item.ts';

/** Requests in flight of one call. */
const width = 10;

/** Puts and takes parcels of one kind. Each is written and removed in one transaction: there is no half of one. */
export interface Parcels<T> {
  put(parcel: Parcel<T>): Promise<void>;
  /** Of all partitions, in the order of ids within each; read from the table itself: nothing is found late. */
  readHeads(wanted?: { readonly claimableBy: Instant; readonly most: number }): Promise<readonly ParcelHead[]>;
  /** False where somebody else was first. */
  claim(head: ParcelHead, until: Instant): Promise<boolean>;
  /** Claims it for whoever has it already; nothing where it is gone. */
  putOff(id: string, until: Instant): Promise<void>;
  /** Undefined for one that is gone: whoever claimed it before has just removed it. */
  open(head: ParcelHead): Promise<T | undefined>;
  remove(ids: readonly string[]): Promise<void>;
}

export const openParcels = <T>(store: Table, kind: ParcelKind<T>): Parcels<T> => ({
  put: async (parcel) => {
    const items = itemsOfParcel(kind, parcel);
    await transact(
      store,
      `put a ${kind.what}`,
      items.map((Item) => ({ Put: { TableName: store.name, Item } })),
    );
  },
  readHeads: async (wanted) => {
    const { partitions } = kind;
    const items = await sideBySide(partitions, partitions.length, (partition) =>
      queryAll(store, headsIn(partition, kind.headPrefix, wanted?.claimableBy), wanted?.most),
    );
    return items.flat().map((item) => headOf(kind, item));
  },
  claim: async (head, until) => {
    const claimed = await updateIf(store, headKey(kind, head.id), {
      UpdateExpression: 'SET #at = :until',
      ConditionExpression: '#at = :seen',
      ExpressionAttributeNames: { '#at': 'claimableAt' },
      ExpressionAttributeValues: { ':seen': { N: String(head.claimableAt) }, ':until': { N: String(until) } },
    });
    return claimed !== undefined;
  },
  putOff: async (id, until) => {
    await updateIf(store, headKey(kind, id), {
      UpdateExpression: 'SET #at = :until',
      ConditionExpression: 'attribute_exists(#at)',
      ExpressionAttributeNames: { '#at': 'claimableAt' },
      ExpressionAttributeValues: { ':until': { N: String(until) } },
    });
  },
  open: async ({ id, parts }) => {
    const items = await getAll(store, partKeysOf(kind, id, parts));
    return items.length === parts ? contentIn(kind, items) : undefined;
  },
  remove: async (ids) => {
    const keys = ids.map((id) => headKey(kind, id));
    const heads = (await getAll(store, keys)).map((item) => headOf(kind, item));
    await sideBySide(heads, width, ({ id, parts }) =>
      transact(
        store,
        `remove a ${kind.what}`,
        [headKey(kind, id), ...partKeysOf(kind, id, parts)].map((Key) => ({ Delete: { TableName: store.name, Key } })),
      ),
    );
  },
});

const headsIn = (partition: string, prefix: string, claimableBy: Instant | undefined) => {
  const names = { '#pk': definition.partitionKey, '#sk': definition.sortKey };
  const values = { ':pk': { S: partition }, ':prefix': { S: prefix } };
  const all = { KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :prefix)', ConsistentRead: true };
  if (claimableBy === undefined) return { ...all, ExpressionAttributeNames: names, ExpressionAttributeValues: values };
  return {
    ...all,
    FilterExpression: '#at <= :by',
    ExpressionAttributeNames: { ...names, '#at': 'claimableAt' },
    ExpressionAttributeValues: { ...values, ':by': { N: String(claimableBy) } },
  };
};
