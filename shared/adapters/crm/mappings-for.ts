import type { RecordMapping } from '../../definitions/mapping.ts';
import type { Connection } from '../../definitions/workspace.ts';
import { fxiaokeRecords } from './fxiaoke/standard-records.ts';
import { zohoRecords } from './zoho/standard-records.ts';

const standard: Record<Connection['vendor'], Readonly<Record<string, RecordMapping>>> = {
  zoho: zohoRecords,
  fxiaoke: fxiaokeRecords,
  generic: {},
};

/** The mappings of a connection: its vendor's standard ones, replaced by those of the settings, without those set to null. */
export const mappingsFor = (
  connection: Pick<Connection, 'vendor' | 'records'>,
): Readonly<Record<string, RecordMapping>> => {
  const merged: Record<string, RecordMapping | null> = { ...standard[connection.vendor], ...connection.records };
  return Object.fromEntries(
    Object.entries(merged).flatMap(([object, mapping]) => (mapping === null ? [] : [[object, mapping] as const])),
  );
};
