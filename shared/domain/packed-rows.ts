import type { Attributes, Fact } from './fact.ts';
import { CustomerId } from './ids.ts';
import { type ByteReader, corrupt, entryAt, readNumber, readUnsigned } from './packed-bytes.ts';
import { readConversion } from './packed-conversions.ts';
import type { FactShape } from './packed-shapes.ts';
import { readValues } from './packed-values.ts';
import type { RecordState } from './profile.ts';

/** Bits of a record's shape. Above them stands, for a record of one fact, that fact's shape plus one. */
export const flag = { retracted: 1, textKey: 2, reassigned: 4, attributes: 8, manyFacts: 16, handed: 32 } as const;
/** What the shape of the fact is multiplied by: above all bits that are in use. */
export const flagsWhere = (handed: boolean): number => (handed ? 64 : 32);

/** The assignment number of a record that never changed its owner. */
export const firstAssignment = 1;

/** Where the rows stand and what they refer to. */
export interface Unpacking {
  readonly rows: ByteReader;
  readonly texts: readonly string[];
  readonly lists: readonly (readonly string[])[];
  readonly shapes: readonly FactShape[];
  readonly instants: readonly number[];
  readonly flags: number;
  /** The next of {@link instants}. */
  fact: number;
}

const noAttributes: Attributes = Object.freeze({});
const noFacts: readonly Fact[] = Object.freeze([]);

/** One record's row. */
export const readRecord = (
  unpacking: Unpacking,
  shape: number,
  known: { readonly source: number; readonly read: number; readonly facts: number },
): RecordState => {
  const { rows, texts, lists } = unpacking;
  const assignment = (shape & flag.reassigned) === 0 ? firstAssignment : readUnsigned(rows);
  // among bits that are in use: where nothing was handed over, this one belongs to the fact
  const isHanded = ((shape % unpacking.flags) & flag.handed) !== 0;
  const from = isHanded ? readCustomer(unpacking) : undefined;
  const attributes =
    (shape & flag.attributes) === 0 ? noAttributes : readValues(rows, texts, entryAt(lists, readUnsigned(rows)));
  const facts = (shape & flag.manyFacts) === 0 ? readOnlyFact(unpacking, shape) : readFacts(unpacking, known.facts);
  const version = { assignment, source: known.source, read: known.read };
  const record = { version, retracted: (shape & flag.retracted) !== 0, attributes, facts };
  return from === undefined ? record : { ...record, from };
};

/** As {@link readRecord}, for a record that nobody handed over: what it says alone, its facts added to a list. */
export const readSaid = (unpacking: Unpacking, shape: number, factCount: number, facts: Fact[]): Attributes => {
  const { rows, texts, lists } = unpacking;
  if ((shape & flag.reassigned) !== 0) readUnsigned(rows);
  const attributes =
    (shape & flag.attributes) === 0 ? noAttributes : readValues(rows, texts, entryAt(lists, readUnsigned(rows)));
  if ((shape & flag.manyFacts) !== 0)
    for (let i = 0; i < factCount; i += 1) facts.push(readFact(unpacking, readUnsigned(rows)));
  else if (shape >= unpacking.flags) facts.push(readFact(unpacking, Math.floor(shape / unpacking.flags) - 1));
  return attributes;
};

const readCustomer = ({ rows, texts }: Unpacking): CustomerId => {
  const customer = CustomerId.safeParse(entryAt(texts, readUnsigned(rows)));
  if (!customer.success) throw corrupt('who handed a record over is no customer');
  return customer.data;
};

const readOnlyFact = (unpacking: Unpacking, shape: number): readonly Fact[] =>
  shape < unpacking.flags ? noFacts : [readFact(unpacking, Math.floor(shape / unpacking.flags) - 1)];

const readFacts = (unpacking: Unpacking, count: number): readonly Fact[] => {
  const facts: Fact[] = [];
  for (let i = 0; i < count; i += 1) facts.push(readFact(unpacking, readUnsigned(unpacking.rows)));
  return facts;
};

const readFact = (unpacking: Unpacking, shape: number): Fact => {
  const { rows, texts, instants } = unpacking;
  const { type, money, told, fields } = entryAt(unpacking.shapes, shape);
  const at = entryAt(instants, unpacking.fact++);
  if (money === undefined)
    return fields === undefined ? { type, at } : { type, at, fields: readValues(rows, texts, fields) };
  const amount = { units: readNumber(rows), scale: money.scale, currency: money.currency };
  if (told !== undefined) return readConverted(unpacking, { type, at, amount }, { told, fields });
  return fields === undefined ? { type, at, amount } : { type, at, amount, fields: readValues(rows, texts, fields) };
};

const readConverted = (
  { rows, texts }: Unpacking,
  fact: Fact,
  { told, fields }: { readonly told: NonNullable<FactShape['told']>; readonly fields: FactShape['fields'] },
): Fact => {
  const converted = readConversion(rows, told, fact.at);
  return fields === undefined
    ? { ...fact, converted }
    : { ...fact, converted, fields: readValues(rows, texts, fields) };
};
