import type { CustomerState } from '../../../domain/customer-state.ts';
import type { Item } from '../table/requests.ts';
import { chunkNamer, itemsOfChunk, keysOfChunk, type NamedChunk } from './chunk-items.ts';
import { type Chunk, type ChunkedRecords, chunkRecords } from './chunk-records.ts';
import type { Remembered } from './customer-memory.ts';
import { type CustomerGround, loadCustomers, namedChunks } from './load-customers.ts';
import { customerPartition, type RecordsPlace } from './state-item.ts';
import { storeRecords } from './stored-records.ts';

/** Where the records of a state are to stand, and what that takes. */
export interface PlacedRecords {
  /** What is known of the state before; undefined of the first, and where it does not matter. */
  readonly before: Remembered | undefined;
  readonly place: RecordsPlace;
  /** Undefined where they stand in the STATE itself. */
  readonly chunked: ChunkedRecords | undefined;
  /** Chunks that have to be there before the STATE. */
  readonly written: readonly Item[];
  /** Keys of the chunks that the STATE after this one no longer names. */
  readonly replaced: readonly Item[];
}

/** Somebody else has written the customer since; `stored` where it is there at all. */
interface Overtaken {
  readonly newer: { readonly stored?: CustomerState };
}

/** Packed records up to this stay in the STATE: about 250 facts. Writing it whole costs less than a chunk, its deletion and its requests. */
const mostInside = 4_096;

export const placeRecords = async (
  ground: CustomerGround,
  next: CustomerState,
  attempt: string,
): Promise<PlacedRecords | Overtaken> => {
  const partition = customerPartition(next.tenant, next.customer);
  const remembered = ground.memory.get(partition);
  let before = remembered?.version === next.version - 1 ? remembered : undefined;
  // a customer in chunks stays in chunks: no need to pack all of it
  if (before?.chunked === undefined) {
    const packed = storeRecords(next.records);
    if (packed.length <= mostInside)
      return { before, place: { kind: 'inside', packed }, chunked: undefined, written: [], replaced: [] };
  }
  if (before === undefined && next.version > 1) {
    const loaded = (await loadCustomers(ground, next.tenant, [next.customer])).get(next.customer);
    if (loaded === undefined) return { newer: {} };
    if (loaded.state.version !== next.version - 1) return { newer: { stored: loaded.state } };
    before = loaded.seen;
  }
  const chunked = chunkRecords(next.records, before?.chunked, chunkNamer(attempt));
  return { before, ...inChunks(partition, chunked, before?.chunked) };
};

const inChunks = (
  partition: string,
  chunked: ChunkedRecords,
  before: ChunkedRecords | undefined,
): Omit<PlacedRecords, 'before'> => {
  const names = chunked.chunks.map(({ name }) => name);
  const old = before?.chunks ?? [];
  const isAsBefore = (index: number): boolean => old.length === names.length && old[index] === chunked.chunks[index];
  const changesOf = (chunks: readonly Chunk[], itemsOf: (named: NamedChunk, chunk: Chunk) => readonly Item[]): Item[] =>
    namedChunks(
      partition,
      chunks.map(({ name }) => name),
    ).flatMap((named, index) => {
      const chunk = chunks[index];
      return chunk === undefined || isAsBefore(index) ? [] : itemsOf(named, chunk);
    });
  return {
    place: { kind: 'chunks', names },
    chunked,
    written: changesOf(chunked.chunks, itemsOfChunk),
    replaced: changesOf(old, keysOfChunk),
  };
};
