import type { Json } from '../../../shared/domain/json.ts';

export type StandInRecord = { readonly [field: string]: Json };
export type StoredRecord = StandInRecord & { readonly id: string };

/** What a write did, in the words of a notification. `fields` is empty for an insert. */
export interface RecordChange {
  readonly module: string;
  readonly id: string;
  readonly operation: 'insert' | 'update' | 'delete';
  readonly fields: readonly string[];
  readonly values: StandInRecord;
}

export interface StandInRecords {
  find(module: string, id: string): StoredRecord | undefined;
  /** In the order of their creation. */
  list(module: string): readonly StoredRecord[];
  /** The record, other than `id`, whose field has this value. */
  findBy(module: string, field: string, value: Json): StoredRecord | undefined;
  /** Creates, or changes only the fields that are given; a record without an id gets one. */
  put(module: string, record: StandInRecord): RecordChange;
  remove(module: string, id: string): RecordChange | undefined;
}

const firstId = 554_023_000_000_000_000n;

/** Every module there is, in memory. Instants have whole seconds, as Zoho's have. */
export const standInRecords = (now: () => number, uniqueFields: Readonly<Record<string, string>>): StandInRecords => {
  const modules = new Map<string, Map<string, StoredRecord>>();
  const unique = new Map<string, string>();
  let lastId = firstId;
  const uniqueKey = (module: string, value: Json | undefined): string | undefined =>
    value === undefined || value === null ? undefined : `${module}/${JSON.stringify(value)}`;
  const find = (module: string, id: string) => modules.get(module)?.get(id);
  const idOf = ({ id }: StandInRecord): string => {
    if (typeof id === 'string' || typeof id === 'number') return String(id);
    lastId += 1n;
    return String(lastId);
  };
  return {
    find,
    list: (module) => [...(modules.get(module)?.values() ?? [])],
    findBy: (module, field, value) => {
      const key = uniqueFields[module] === field ? uniqueKey(module, value) : undefined;
      return key === undefined ? undefined : find(module, unique.get(key) ?? '');
    },
    put: (module, record) => {
      const id = idOf(record);
      const before = find(module, id);
      const stamp = zohoTime(now());
      const stored: StoredRecord = { Created_Time: stamp, ...before, Modified_Time: stamp, ...record, id };
      modules.set(module, (modules.get(module) ?? new Map<string, StoredRecord>()).set(id, stored));
      const key = uniqueKey(module, stored[uniqueFields[module] ?? '']);
      if (key !== undefined) unique.set(key, id);
      const fields =
        before === undefined ? [] : Object.keys(record).filter((field) => differs(before[field], record[field]));
      const values = Object.fromEntries(fields.map((field) => [field, record[field] ?? null]));
      return { module, id, operation: before === undefined ? 'insert' : 'update', fields, values };
    },
    remove: (module, id) => {
      if (modules.get(module)?.delete(id) !== true) return undefined;
      return {
        module,
        id,
        operation: 'delete',
        fields: ['Modified_By', 'Record_Status__s'],
        values: { Record_Status__s: 0 },
      };
    },
  };
};

const differs = (a: Json | undefined, b: Json | undefined): boolean =>
  JSON.stringify(a ?? null) !== JSON.stringify(b ?? null);

/** ISO 8601 with a numeric offset and no fraction. */
export const zohoTime = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}+00:00`;

/** Asked fields only, null where there is nothing; id and system keys come along. */
export const project = (record: StoredRecord, fields: readonly string[]): StandInRecord => ({
  ...Object.fromEntries(Object.entries(record).filter(([name]) => name.startsWith('$'))),
  ...Object.fromEntries(fields.map((field): [string, Json] => [field, record[field] ?? null])),
  id: record.id,
});
