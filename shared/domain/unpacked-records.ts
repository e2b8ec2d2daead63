import { handedKey } from './handed-records.ts';
import { type ByteReader, byteReader, corrupt, entryAt, readByte, readCount, readUnsigned } from './packed-bytes.ts';
import { readInstants } from './packed-instants.ts';
import { readHashedKeys, skipHashedKeys } from './packed-keys.ts';
import { mostFormat } from './packed-records.ts';
import { flag, flagsWhere, readRecord, type Unpacking } from './packed-rows.ts';
import { readLists, readShapes } from './packed-shapes.ts';
import { readTexts } from './packed-texts.ts';
import type { RecordState, Records } from './profile.ts';

/** Reads what `packRecords` wrote. @throws {PipelineError} `STORE_CORRUPT`, not retryable, on anything else. */
export const unpackRecords = (bytes: Uint8Array): Records => {
  const opened = openPacked(bytes);
  const { recordShapes, factCounts, sources, reads, unpacking } = opened;
  const keys = hashedKeysOf(opened);
  const records = new Map<string, RecordState>();
  let hashed = 0;
  for (let i = 0; i < recordShapes.length; i += 1) {
    const shape = recordShapes[i] ?? 0;
    const key = readTextKey(unpacking, shape) ?? entryAt(keys, hashed++);
    const known = { source: sources[i] ?? 0, read: reads[i] ?? 0, facts: factCounts[i] ?? 0 };
    const record = readRecord(unpacking, shape, known);
    records.set(record.from === undefined ? key : handedKey(key, record.from), record);
  }
  closePacked(opened);
  return records;
};

/** Packed records with all columns read; the rows, record by record, are still to be. */
export interface OpenedRecords {
  readonly recordShapes: readonly number[];
  readonly factCounts: readonly number[];
  readonly sources: readonly number[];
  readonly reads: readonly number[];
  readonly unpacking: Unpacking;
  /** Where hashed keys begin, and how many there are. */
  readonly keysAt: number;
  readonly hashedKeys: number;
  /** Whether another customer handed some of them over. */
  readonly handed: boolean;
}

export const openPacked = (bytes: Uint8Array): OpenedRecords => {
  const rows = byteReader(bytes);
  const format = readByte(rows);
  if (format < 1 || format > mostFormat) throw corrupt('their format is unknown');
  const converts = format % 2 === 0;
  const handed = format > 2;
  const recordFlags = flagsWhere(handed);
  const texts = readTexts(rows);
  const lists = readLists(rows, texts);
  const shapes = readShapes(rows, texts, lists, converts);
  const recordShapes = readRecordShapes(rows);
  const factCounts = readFactCounts(rows, recordShapes, recordFlags);
  const keysAt = rows.at;
  const hashedKeys = countOf(recordShapes, (shape) => (shape & flag.textKey) === 0);
  skipHashedKeys(rows, hashedKeys);
  const sources = readInstants(rows, recordShapes.length);
  const reads = readInstants(rows, recordShapes.length, sources);
  const sourceOfFact = repeatEach(sources, factCounts);
  const instants = readInstants(rows, sourceOfFact.length, sourceOfFact);
  const unpacking = { rows, texts, lists, shapes, instants, flags: recordFlags, fact: 0 };
  return { recordShapes, factCounts, sources, reads, unpacking, keysAt, hashedKeys, handed };
};

/** In the order of the records that have one. */
const hashedKeysOf = ({ unpacking, keysAt, hashedKeys }: OpenedRecords): readonly string[] =>
  readHashedKeys({ ...unpacking.rows, at: keysAt }, hashedKeys);

/** To be asked before the record is read; undefined for one whose key is hashed. */
export const readTextKey = ({ rows, texts }: Unpacking, shape: number): string | undefined =>
  (shape & flag.textKey) === 0 ? undefined : entryAt(texts, readUnsigned(rows));

export const closePacked = ({ unpacking: { rows } }: OpenedRecords): void => {
  if (rows.at !== rows.bytes.length) throw corrupt('more follows than belongs to them');
};

const countOf = (shapes: readonly number[], holds: (shape: number) => boolean): number => {
  let count = 0;
  for (const shape of shapes) if (holds(shape)) count += 1;
  return count;
};

const readRecordShapes = (reader: ByteReader): readonly number[] => {
  const table: number[] = [];
  const size = readCount(reader);
  for (let i = 0; i < size; i += 1) table.push(readUnsigned(reader));
  const count = readCount(reader);
  const shapes: number[] = [];
  for (let i = 0; i < count; i += 1) shapes.push(entryAt(table, readUnsigned(reader)));
  return shapes;
};

/** By record. All facts together take at least a byte each of what is left. */
const readFactCounts = (reader: ByteReader, shapes: readonly number[], flags: number): readonly number[] => {
  let total = 0;
  const counts = shapes.map((shape) => {
    const count = (shape & flag.manyFacts) !== 0 ? readCount(reader) : shape >= flags ? 1 : 0;
    total += count;
    return count;
  });
  if (total > reader.bytes.length - reader.at) throw corrupt('a count exceeds what follows');
  return counts;
};

const repeatEach = (values: readonly number[], counts: readonly number[]): readonly number[] => {
  const repeated: number[] = [];
  for (let i = 0; i < counts.length; i += 1) for (let n = counts[i] ?? 0; n > 0; n -= 1) repeated.push(values[i] ?? 0);
  return repeated;
};
