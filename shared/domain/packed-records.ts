import type { Fact } from './fact.ts';
import { handedKey, plainKey } from './handed-records.ts';
import {
  type ByteReader,
  type ByteWriter,
  byteReader,
  byteWriter,
  corrupt,
  entryAt,
  readByte,
  readCount,
  readUnsigned,
  writeByte,
  writeBytes,
  writeNumber,
  writeUnsigned,
  writtenBytes,
} from './packed-bytes.ts';
import { writeConversion } from './packed-conversions.ts';
import { readInstants, writeInstants } from './packed-instants.ts';
import { hashOfKey, readHashedKeys, skipHashedKeys, writeHash } from './packed-keys.ts';
import { firstAssignment, flag, flagsWhere, readRecord, type Unpacking } from './packed-rows.ts';
import { listOf, readLists, readShapes, type ShapeTable, shapeOf, shapeTable, writeShapes } from './packed-shapes.ts';
import { placeOf, readTexts, type TextTable, textTable, writeTexts } from './packed-texts.ts';
import { writeValues } from './packed-values.ts';
import type { RecordState, Records } from './profile.ts';

/**
 * Tables: texts, lists of names, shapes of facts, shapes of records. Columns: each record's shape, counts of facts, hashed keys,
 * instants of sources, of reads and of facts. At last, record by record, what its shape leaves open. The format tells whether there
 * are converted amounts, and records that another customer handed over; where there are none, nothing is written for them, so that
 * the bytes of a customer do not change for nothing.
 */
const formatOf = ({ converts, handed }: Pick<Packing, 'converts' | 'handed'>): number =>
  1 + (converts ? 1 : 0) + (handed ? 2 : 0);
const mostFormat = 4;

interface Packing {
  readonly texts: TextTable;
  readonly shapes: ShapeTable;
  readonly recordShapes: Map<number, number>;
  readonly symbols: number[];
  /** How many facts the records of more than one have. */
  readonly factCounts: number[];
  readonly hashes: number[];
  readonly sources: number[];
  readonly reads: number[];
  readonly instants: number[];
  /** For each fact the source instant of its record. */
  readonly sourceOfFact: number[];
  readonly rows: ByteWriter;
  /** Whether another customer handed some of the records over. */
  readonly handed: boolean;
  readonly flags: number;
  /** Whether an amount was converted. */
  converts: boolean;
}

/** A customer's records in few bytes: about 16 for a record of one fact. Exact; keys are those of `profile.ts`. */
export const packRecords = (records: Records): Uint8Array => {
  const texts = textTable();
  const handed = isHanded(records);
  const packing: Packing = {
    texts,
    shapes: shapeTable(texts),
    recordShapes: new Map(),
    symbols: [],
    factCounts: [],
    hashes: [],
    sources: [],
    reads: [],
    instants: [],
    sourceOfFact: [],
    rows: byteWriter(records.size * 8),
    handed,
    flags: flagsWhere(handed),
    converts: false,
  };
  for (const [key, record] of records) addRecord(packing, key, record);
  return assemble(packing);
};

const isHanded = (records: Records): boolean => {
  for (const { from } of records.values()) if (from !== undefined) return true;
  return false;
};

const addRecord = (packing: Packing, key: string, record: RecordState): void => {
  const { rows, texts, shapes, flags } = packing;
  const { version, facts, from } = record;
  const plain = plainKey(key, record.from);
  const hash = hashOfKey(plain);
  const names = Object.keys(record.attributes);
  const only = facts.length === 1 ? facts[0] : undefined;
  const shape =
    (record.retracted ? flag.retracted : 0) |
    (hash === undefined ? flag.textKey : 0) |
    (version.assignment === firstAssignment ? 0 : flag.reassigned) |
    (names.length === 0 ? 0 : flag.attributes) |
    (facts.length > 1 ? flag.manyFacts : 0) |
    (from === undefined ? 0 : flag.handed);
  packing.symbols.push(symbolOf(packing, shape + flags * (only === undefined ? 0 : 1 + shapeOf(shapes, only))));
  packing.sources.push(version.source);
  packing.reads.push(version.read);
  if (hash === undefined) writeUnsigned(rows, placeOf(texts, plain));
  else packing.hashes.push(hash);
  if (version.assignment !== firstAssignment) writeUnsigned(rows, version.assignment);
  if (from !== undefined) writeUnsigned(rows, placeOf(texts, from));
  if (names.length > 0) {
    writeUnsigned(rows, listOf(shapes, names));
    writeValues(rows, texts, names, record.attributes);
  }
  addFacts(packing, facts, version.source);
};

const symbolOf = ({ recordShapes }: Packing, shape: number): number => {
  const known = recordShapes.get(shape);
  if (known !== undefined) return known;
  recordShapes.set(shape, recordShapes.size);
  return recordShapes.size - 1;
};

const addFacts = (packing: Packing, facts: readonly Fact[], source: number): void => {
  const { rows, texts, shapes } = packing;
  if (facts.length > 1) packing.factCounts.push(facts.length);
  for (const fact of facts) {
    packing.instants.push(fact.at);
    packing.sourceOfFact.push(source);
    if (facts.length > 1) writeUnsigned(rows, shapeOf(shapes, fact));
    if (fact.amount !== undefined) writeNumber(rows, fact.amount.units);
    if (fact.converted !== undefined) {
      packing.converts = true;
      writeConversion(rows, fact.converted, fact.at);
    }
    if (fact.fields !== undefined) writeValues(rows, texts, Object.keys(fact.fields), fact.fields);
  }
};

const assemble = (packing: Packing): Uint8Array => {
  const { rows, symbols } = packing;
  const writer = byteWriter(rows.length + symbols.length * 20 + 256);
  writeByte(writer, formatOf(packing));
  writeTexts(writer, packing.texts);
  writeShapes(writer, packing.shapes, packing.converts);
  writeUnsigned(writer, packing.recordShapes.size);
  for (const shape of packing.recordShapes.keys()) writeUnsigned(writer, shape);
  writeUnsigned(writer, symbols.length);
  for (const symbol of symbols) writeUnsigned(writer, symbol);
  for (const count of packing.factCounts) writeUnsigned(writer, count);
  for (const hash of packing.hashes) writeHash(writer, hash);
  writeInstants(writer, packing.sources);
  writeInstants(writer, packing.reads, packing.sources);
  writeInstants(writer, packing.instants, packing.sourceOfFact);
  writeBytes(writer, rows.bytes.subarray(0, rows.length));
  return writtenBytes(writer);
};

/** Reads what {@link packRecords} wrote. @throws {PipelineError} `STORE_CORRUPT`, not retryable, on anything else. */
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
