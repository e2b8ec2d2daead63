import { table } from '../../../definitions/table.ts';
import { ConnectionId, type TenantId } from '../../../domain/ids.ts';
import { RecordRef, recordKeyOf } from '../../../domain/record.ts';
import { keyOf, nameInPartition, partitionOf } from '../table/keys.ts';
import type { Item } from '../table/requests.ts';

/**
 * DynamoDB keeps text as UTF-8, which cannot say half a surrogate pair; a CRM's id may hold one. It is written as its number,
 * and the backslash that announces it as two.
 */
const escaped = (name: string): string =>
  name.replace(/\\|\p{Surrogate}/gu, (unit) => (unit === '\\' ? '\\\\' : `\\u${unit.charCodeAt(0).toString(16)}`));

const unescaped = (name: string): string =>
  name.replace(/\\(?:\\|u([0-9a-f]{4}))/g, (_, unit?: string) =>
    unit === undefined ? '\\' : String.fromCharCode(Number.parseInt(unit, 16)),
  );

/** The partition that holds all of one record. */
export const recordPartition = (tenant: TenantId, recordKey: string): string =>
  partitionOf('record', tenant, escaped(recordKey));

export const recordItemKey = (tenant: TenantId, recordKey: string): Item =>
  keyOf(recordPartition(tenant, recordKey), 'RECORD');

export const inboxKey = (tenant: TenantId, recordKey: string): Item =>
  keyOf(recordPartition(tenant, recordKey), 'INBOX');

/** Which record an item's partition is of: connections have no `/`, objects of CRMs may. Throws on what is no such key. */
export const refInPartition = (partition: string, objectLength: number): RecordRef => {
  const key = unescaped(nameInPartition(partition));
  const object = key.indexOf('/') + 1;
  return RecordRef.parse({
    connection: ConnectionId.parse(key.slice(0, object - 1)),
    object: key.slice(object, object + objectLength),
    id: key.slice(object + objectLength + 1),
  });
};

/** The partition key's text of a stored item; empty for what has none. */
export const partitionIn = (item: Item): string => item[table.partitionKey]?.S ?? '';

/** Each record once, in the order of their first mention. */
export const distinctKeys = (records: readonly RecordRef[]): readonly string[] => [
  ...new Set(records.map(recordKeyOf)),
];
