import { createHash } from 'node:crypto';
import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import { keyOf } from '../table/keys.ts';
import { withPrefix } from '../table/read-partition.ts';
import { getAll, type Item, type Table } from '../table/requests.ts';
import { readItem, slicesOf, storedBytes, storedNumber, storedText } from '../table/stored-attributes.ts';
import type { Chunk } from './chunk-records.ts';
import { nameBytes } from './state-item.ts';

/** A chunk of a customer, as its STATE names it. */
export interface NamedChunk {
  readonly partition: string;
  /** Of how many chunks. */
  readonly count: number;
  readonly index: number;
  readonly name: string;
}

export const chunkPrefix = 'CHUNK#';
/** Names the chunk that holds nothing and has no item. */
export const emptyName = '00'.repeat(nameBytes);
/** Chunks of one customer that are read one by one; where more are missing, all are read at once, which costs fewer read units. */
const mostReadSingly = 24;

/**
 * By content and by the attempt that writes it: no two attempts share an item, so each may delete its own, and what replaced
 * one may delete that.
 */
export const chunkNamer =
  (attempt: string) =>
  (packed: Uint8Array): string =>
    packed.length === 0
      ? emptyName
      : createHash('sha256')
          .update(attempt)
          .update(packed)
          .digest('hex')
          .slice(0, nameBytes * 2);

const sortKeyOf = ({ count, index, name }: Omit<NamedChunk, 'partition'>, slice = 0): string =>
  `${chunkPrefix}${count}#${index}#${name}${slice === 0 ? '' : `#${slice}`}`;

/** One item, or several where a single record is larger than an item may be. */
export const itemsOfChunk = (named: NamedChunk, { packed }: Chunk): readonly Item[] => {
  if (packed.length === 0) return [];
  const slices = slicesOf(packed);
  return slices.map((slice, index) => ({
    ...keyOf(named.partition, sortKeyOf(named, index)),
    records: { B: slice },
    ...(index === 0 && slices.length > 1 ? { slices: { N: String(slices.length) } } : {}),
  }));
};

export const keysOfChunk = (named: NamedChunk, { packed }: Chunk): readonly Item[] =>
  packed.length === 0 ? [] : slicesOf(packed).map((_, index) => keyOf(named.partition, sortKeyOf(named, index)));

/** Tells whether a sort key is that of a chunk that is named here, or of a slice of one. */
export const sortKeysOfChunks = (names: readonly string[]): ((sortKey: string) => boolean) => {
  const named = new Set(names.map((name, index) => sortKeyOf({ count: names.length, index, name })));
  return (sortKey) => named.has(sortKey.split('#').slice(0, 4).join('#'));
};

const ChunkItem = z.object({
  [table.partitionKey]: storedText,
  [table.sortKey]: storedText,
  records: storedBytes,
  slices: storedNumber.optional(),
});

/** What was asked for, by {@link placeOf}. Chunks that are not there are absent. */
export const readChunks = async (
  store: Table,
  wanted: readonly NamedChunk[],
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const items = (await itemsOfWanted(store, wanted)).map((item) => readItem('chunk', ChunkItem, item));
  const found = new Map(items.map((item) => [`${item[table.partitionKey]} ${item[table.sortKey]}`, item]));
  const chunks = new Map<string, Uint8Array>();
  for (const named of wanted) {
    const first = found.get(placeOf(named));
    if (first === undefined) continue;
    const packed =
      first.slices === undefined ? first.records : await joinSlices(store, named, [first.records, first.slices]);
    if (packed !== undefined) chunks.set(placeOf(named), packed);
  }
  return chunks;
};

/** Tells chunks of several customers apart. */
export const placeOf = (named: NamedChunk): string => `${named.partition} ${sortKeyOf(named)}`;

const itemsOfWanted = async (store: Table, wanted: readonly NamedChunk[]): Promise<readonly Item[]> => {
  const byPartition = new Map<string, NamedChunk[]>();
  for (const named of wanted) groupInto(byPartition, named);
  const singly: NamedChunk[] = [];
  const items: Item[] = [];
  for (const [partition, chunks] of byPartition) {
    const count = chunks[0]?.count ?? 0;
    if (chunks.length <= mostReadSingly) singly.push(...chunks);
    else items.push(...(await withPrefix(store, partition, `${chunkPrefix}${count}#`)));
  }
  const keys = singly.map((named) => keyOf(named.partition, sortKeyOf(named)));
  return [...items, ...(await getAll(store, keys))];
};

const groupInto = (groups: Map<string, NamedChunk[]>, named: NamedChunk): void => {
  const group = groups.get(named.partition);
  if (group === undefined) groups.set(named.partition, [named]);
  else group.push(named);
};

/** Undefined when one of them is not there. */
const joinSlices = async (
  store: Table,
  named: NamedChunk,
  [first, count]: readonly [Uint8Array, number],
): Promise<Uint8Array | undefined> => {
  const keys = Array.from({ length: count - 1 }, (_, index) => keyOf(named.partition, sortKeyOf(named, index + 1)));
  const items = (await getAll(store, keys)).map((item) => readItem('chunk', ChunkItem, item));
  const bySortKey = new Map(items.map((item) => [item[table.sortKey], item.records]));
  const rest = keys.map((key) => bySortKey.get(key[table.sortKey]?.S ?? ''));
  const whole = rest.filter((slice) => slice !== undefined);
  return whole.length < rest.length ? undefined : Buffer.concat([first, ...whole]);
};
