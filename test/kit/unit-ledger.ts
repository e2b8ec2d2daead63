import { table as layout } from '#shared/definitions/table.ts';
import { type Item, itemSize } from './aws-item-size.ts';
import { type Update, updated } from './update-expression.ts';

/** What calls cost on AWS. */
export interface Units {
  /** Attempts included that the client repeated. */
  readonly requests: number;
  readonly readUnits: number;
  /** By what was written: the first part of the sort key (`STATE`, `LEDGER` …), or `index due`, `index unpublished`. */
  readonly writeUnits: Readonly<Record<string, number>>;
}

/** A copy of the table, and what reading and writing it costs. `times` is 2 within a transaction. */
export interface UnitLedger {
  request(): void;
  read(table: string, key: Item, isStrong: boolean): void;
  /** Units that are known. */
  spent(readUnits: number): void;
  put(table: string, item: Item, times?: number): void;
  update(table: string, key: Item, update: Update, times?: number): void;
  remove(table: string, key: Item, times?: number): void;
  /** A condition that did not hold is charged by what stands there. */
  refuse(table: string, key: Item, times?: number): void;
  units(): Units;
  /** The copy stays. */
  reset(): void;
}

/** A write is charged by 1 KB, a read by 4 KB. */
const writeBlock = 1_024;
const readBlock = 4_096;

/** By the developer guide, "DynamoDB read and write operations". */
export const unitLedger = (): UnitLedger => {
  const copy = new Map<string, Item>();
  let requests = 0;
  let readUnits = 0;
  let writeUnits: Record<string, number> = {};

  const charge = (part: string, units: number): void => {
    if (units > 0) writeUnits[part] = (writeUnits[part] ?? 0) + units;
  };
  const write = (place: string, key: Item, next: Item | undefined, times: number): void => {
    const old = copy.get(place);
    charge(partOf(key), times * blocks(Math.max(sizeOf(old), sizeOf(next)), writeBlock));
    for (const index of Object.values(layout.indexes)) charge(`index ${index.name}`, indexUnits(index, old, next));
    if (next === undefined) copy.delete(place);
    else copy.set(place, next);
  };
  return {
    request: () => void (requests += 1),
    read: (table, key, isStrong) => {
      readUnits += blocks(sizeOf(copy.get(placeOf(table, key))), readBlock) * (isStrong ? 1 : 0.5);
    },
    spent: (units) => void (readUnits += units),
    put: (table, item, times = 1) => write(placeOf(table, item), item, item, times),
    update: (table, key, update, times = 1) => {
      const place = placeOf(table, key);
      write(place, key, updated(copy.get(place) ?? key, update), times);
    },
    remove: (table, key, times = 1) => write(placeOf(table, key), key, undefined, times),
    refuse: (table, key, times = 1) =>
      charge(partOf(key), times * blocks(sizeOf(copy.get(placeOf(table, key))), writeBlock)),
    units: () => ({ requests, readUnits, writeUnits: { ...writeUnits } }),
    reset: () => {
      requests = 0;
      readUnits = 0;
      writeUnits = {};
    },
  };
};

const placeOf = (table: string, { [layout.partitionKey]: partition, [layout.sortKey]: sort }: Item): string =>
  JSON.stringify([table, partition?.S, sort?.S]);

const partOf = (key: Item): string => (key[layout.sortKey]?.S ?? '').split('#')[0] ?? '';

const sizeOf = (item: Item | undefined): number => (item === undefined ? 0 : itemSize(item));

/** At least one. */
const blocks = (bytes: number, block: number): number => Math.max(1, Math.ceil(bytes / block));

type Index = (typeof layout.indexes)[keyof typeof layout.indexes];

/** One unit for an entry that comes or goes, two for one that moves, none where it stays. Entries are keys alone, under 1 KB. */
const indexUnits = (index: Index, old: Item | undefined, next: Item | undefined): number => {
  const [before, after] = [entryOf(index, old), entryOf(index, next)];
  if (before === after) return 0;
  return (before === undefined ? 0 : 1) + (after === undefined ? 0 : 1);
};

const entryOf = ({ partitionKey, sortKey }: Index, item: Item | undefined): string | undefined => {
  const partition = item?.[partitionKey]?.S;
  const sort = item?.[sortKey]?.N;
  return partition === undefined || sort === undefined ? undefined : JSON.stringify([partition, sort]);
};
