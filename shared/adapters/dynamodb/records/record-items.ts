import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { table } from '../../../definitions/table.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { type RecordRef, recordKeyOf } from '../../../domain/record.ts';
import type { RecordItem } from '../../../domain/record-item.ts';
import { conditionally } from '../table/conditions.ts';
import { answered, getAll, type Item, putAll, type Table } from '../table/requests.ts';
import { corruptItem } from '../table/stored-attributes.ts';
import { namedParts, putOfRecord, recordOfItem } from './record-item.ts';
import { partitionIn, recordItemKey, recordPartition } from './record-key.ts';

/** How often an item whose parts are gone is read again: it was published in between. */
const mostReads = 4;

/** Strongly consistent, in no order; the keys must differ. */
export const readRecords = async (
  store: Table,
  tenant: TenantId,
  keys: readonly Item[],
): Promise<readonly RecordItem[]> => {
  const items = await getAll(store, keys);
  const records: RecordItem[] = [];
  for (const item of items) records.push(await readRecord(store, tenant, item));
  return records;
};

const readRecord = async (store: Table, tenant: TenantId, found: Item): Promise<RecordItem> => {
  const partition = partitionIn(found);
  let item: Item | undefined = found;
  for (let reads = 1; item !== undefined; reads += 1) {
    const keys = namedParts(partition, item);
    const parts = keys.length === 0 ? [] : await getAll(store, keys);
    if (parts.length === keys.length) return recordOfItem(tenant, item, inOrder(parts));
    if (reads === mostReads) break;
    [item] = await getAll(store, [keyIn(item)]);
  }
  throw corruptItem('record', new Error('what it owes is not there'));
};

const keyIn = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).filter(([name]) => name === table.partitionKey || name === table.sortKey));

const inOrder = (parts: readonly Item[]): readonly Item[] =>
  parts.toSorted((a, b) => ((a[table.sortKey]?.S ?? '') < (b[table.sortKey]?.S ?? '') ? -1 : 1));

/** False where another writer was first. What stands there already, to the byte, is our own: its answer was lost. */
export const putRecord = async (store: Table, record: RecordItem, partsExpireAt: number): Promise<boolean> => {
  const { item, parts } = putOfRecord(record, partsExpireAt);
  if (parts.length > 0) await putAll(store, parts);
  const { condition, values } =
    record.itemVersion === 1
      ? { condition: 'attribute_not_exists(#version)', values: {} }
      : { condition: '#version = :read', values: { ':read': { N: String(record.itemVersion - 1) } } };
  const command = new PutItemCommand({
    TableName: store.name,
    Item: item,
    ConditionExpression: condition,
    ExpressionAttributeNames: { '#version': 'version' },
    ...(record.itemVersion === 1 ? {} : { ExpressionAttributeValues: values }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const refused = await conditionally('put a record', () => store.client.send(command));
  return refused === undefined || isSame(refused.Item, item);
};

const isSame = (stored: Item | undefined, item: Item): boolean =>
  stored !== undefined &&
  Object.keys(stored).length === Object.keys(item).length &&
  Object.entries(item).every(([name, value]) => textOf(stored[name]) === textOf(value));

const textOf = (value: Item[string] | undefined): string =>
  value?.B === undefined ? JSON.stringify(value ?? null) : Buffer.from(value.B).toString('base64');

/** Empties the pending list of an item that is still at this version, and takes its parts away. */
export const clearPending = async (
  store: Table,
  tenant: TenantId,
  { record, itemVersion }: { readonly record: RecordRef; readonly itemVersion: number },
): Promise<void> => {
  const key = recordKeyOf(record);
  const { partitionKey, sortKey } = table.indexes.unpublished;
  const command = new UpdateItemCommand({
    TableName: store.name,
    Key: recordItemKey(tenant, key),
    UpdateExpression: 'REMOVE #pending, #parts, #digest, #shard, #since',
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: {
      ...{ '#pending': 'pending', '#parts': 'pendingParts', '#digest': 'pendingDigest' },
      ...{ '#shard': partitionKey, '#since': sortKey, '#version': 'version' },
    },
    ExpressionAttributeValues: { ':version': { N: String(itemVersion) } },
    ReturnValues: 'UPDATED_OLD',
  });
  let removed: Item = {};
  await conditionally('publish a record', async () => {
    removed = (await store.client.send(command)).Attributes ?? {};
  });
  for (const part of namedParts(recordPartition(tenant, key), removed))
    await answered('remove a part', () =>
      store.client.send(new DeleteItemCommand({ TableName: store.name, Key: part })),
    );
};
