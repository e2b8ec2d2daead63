import type { RecordState, Records } from '../../../domain/profile.ts';
import { readRecords, storeRecords } from './stored-records.ts';

/** Some of a customer's records, packed. Never changes under its name. */
export interface Chunk {
  readonly name: string;
  /** Empty where no record belongs to it: then there is no item. */
  readonly packed: Uint8Array;
}

/** A customer's records, with the chunks that hold them: a record is in that of its key's hash. Their number is a power of two. */
export interface ChunkedRecords {
  readonly records: Records;
  readonly chunks: readonly Chunk[];
}

/** Above this, more and smaller chunks cost fewer write units than the bytes of one. */
const crowdedMean = 2_048;
const crowdedChunk = 8_192;
/** Below this mean a large chunk holds a record that is large by itself: more chunks would not make it smaller. */
const sparseMean = 512;

/**
 * The records in chunks again. What holds the same as before is the same object as before; `nameOf` names what is new. With
 * `before`, records that are the same objects as then are not packed again. The number of chunks doubles when they are crowded.
 */
export const chunkRecords = (
  records: Records,
  before: ChunkedRecords | undefined,
  nameOf: (packed: Uint8Array) => string,
): ChunkedRecords => {
  let packed = before === undefined ? packAll(records, 2) : packChanged(records, before);
  while (isCrowded(packed)) packed = packAll(records, packed.length * growthOf(packed));
  const old = before?.chunks.length === packed.length ? before.chunks : [];
  const chunks = packed.map((bytes, index) => {
    const known = old[index];
    return known !== undefined && isSame(known.packed, bytes) ? known : { name: nameOf(bytes), packed: bytes };
  });
  return { records, chunks };
};

/** All records of these chunks. */
export const recordsIn = (chunks: readonly Chunk[]): Records => {
  const records = new Map<string, RecordState>();
  for (const { packed } of chunks)
    if (packed.length > 0) for (const [key, record] of readRecords(packed)) records.set(key, record);
  return records;
};

type Entry = readonly [string, RecordState];

const packAll = (records: Records, count: number): readonly Uint8Array[] => {
  const members = Array.from({ length: count }, (): Entry[] => []);
  for (const entry of records) members[chunkOf(entry[0], count)]?.push(entry);
  return members.map(packMembers);
};

const packChanged = (records: Records, { records: before, chunks }: ChunkedRecords): readonly Uint8Array[] => {
  const count = chunks.length;
  const changed = new Map<number, Entry[]>();
  let known = 0;
  for (const [key, record] of records) {
    const old = before.get(key);
    if (old !== undefined) known += 1;
    if (old !== record) changed.set(chunkOf(key, count), []);
  }
  if (known < before.size) for (const key of before.keys()) if (!records.has(key)) changed.set(chunkOf(key, count), []);
  for (const entry of records) changed.get(chunkOf(entry[0], count))?.push(entry);
  return chunks.map(({ packed }, index) => {
    const members = changed.get(index);
    return members === undefined ? packed : packMembers(members);
  });
};

const packMembers = (members: readonly Entry[]): Uint8Array =>
  members.length === 0 ? new Uint8Array() : storeRecords(members);

const isCrowded = (packed: readonly Uint8Array[]): boolean => {
  const mean = meanOf(packed);
  return mean > crowdedMean || (mean > sparseMean && packed.some(({ length }) => length > crowdedChunk));
};

/** Many doublings at once where everything is new. */
const growthOf = (packed: readonly Uint8Array[]): number =>
  2 ** Math.max(1, Math.floor(Math.log2(meanOf(packed) / crowdedMean)));

const meanOf = (packed: readonly Uint8Array[]): number =>
  packed.reduce((sum, { length }) => sum + length, 0) / packed.length;

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a === b || Buffer.compare(a, b) === 0;

/** FNV-1a (32 bits; the Internet draft of Fowler, Noll and Vo), its upper half folded in: the low bits decide. Stays as it is for ever. */
const chunkOf = (key: string, count: number): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) & (count - 1);
};
