import type { Fact } from './fact.ts';
import { plainKey } from './handed-records.ts';
import {
  type ByteWriter,
  byteWriter,
  writeByte,
  writeBytes,
  writeNumber,
  writeUnsigned,
  writtenBytes,
} from './packed-bytes.ts';
import { writeConversion } from './packed-conversions.ts';
import { writeInstants } from './packed-instants.ts';
import { hashOfKey, writeHash } from './packed-keys.ts';
import { firstAssignment, flag, flagsWhere } from './packed-rows.ts';
import { listOf, type ShapeTable, shapeOf, shapeTable, writeShapes } from './packed-shapes.ts';
import { placeOf, type TextTable, textTable, writeTexts } from './packed-texts.ts';
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
export const mostFormat = 4;

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
