import type { Fact } from './fact.ts';
import { type ByteReader, type ByteWriter, entryAt, readCount, readUnsigned, writeUnsigned } from './packed-bytes.ts';
import { placeOf, type TextTable } from './packed-texts.ts';

/** Scales of an amount run from 0 to 6. */
const scales = 7;

/** All of a fact but its instant, its units and the values of its fields: few differ within one customer. */
export interface FactShape {
  readonly type: string;
  readonly money: { readonly currency: string; readonly scale: number } | undefined;
  /** Names of the fields; undefined where the fact has none at all. */
  readonly fields: readonly string[] | undefined;
}

/** Numbers pairs of numbers as they come: exact for any size, unlike gluing their digits together. */
interface Pairs {
  readonly known: Map<number, Map<number, number>>;
  size: number;
}

const pairs = (): Pairs => ({ known: new Map(), size: 0 });

const numberOf = (table: Pairs, a: number, b: number): number => {
  const row = table.known.get(a);
  const known = row?.get(b);
  if (known !== undefined) return known;
  if (row === undefined) table.known.set(a, new Map([[b, table.size]]));
  else row.set(b, table.size);
  table.size += 1;
  return table.size - 1;
};

/** What is met while packing: lists of names and shapes of facts, each once. */
export interface ShapeTable {
  readonly texts: TextTable;
  readonly steps: Pairs;
  readonly lists: Map<number, number>;
  readonly listNames: (readonly string[])[];
  readonly typesAndMoney: Pairs;
  readonly shapes: Pairs;
  readonly shapeParts: number[];
}

export const shapeTable = (texts: TextTable): ShapeTable => ({
  texts,
  steps: pairs(),
  lists: new Map(),
  listNames: [],
  typesAndMoney: pairs(),
  shapes: pairs(),
  shapeParts: [],
});

/** The place of a list of names: names lead step by step from list to longer list. */
export const listOf = (table: ShapeTable, names: readonly string[]): number => {
  let step = -1;
  for (const name of names) step = numberOf(table.steps, step, placeOf(table.texts, name));
  const known = table.lists.get(step);
  if (known !== undefined) return known;
  table.lists.set(step, table.listNames.length);
  return table.listNames.push(names) - 1;
};

export const shapeOf = (table: ShapeTable, { type, amount, fields }: Fact): number => {
  const typePlace = placeOf(table.texts, type);
  const money = amount === undefined ? 0 : 1 + placeOf(table.texts, amount.currency) * scales + amount.scale;
  const list = fields === undefined ? 0 : 1 + listOf(table, Object.keys(fields));
  const shape = numberOf(table.shapes, numberOf(table.typesAndMoney, typePlace, money), list);
  if (shape * 3 === table.shapeParts.length) table.shapeParts.push(typePlace, money, list);
  return shape;
};

export const writeShapes = (writer: ByteWriter, table: ShapeTable): void => {
  writeUnsigned(writer, table.listNames.length);
  for (const names of table.listNames) {
    writeUnsigned(writer, names.length);
    for (const name of names) writeUnsigned(writer, placeOf(table.texts, name));
  }
  writeUnsigned(writer, table.shapes.size);
  for (const part of table.shapeParts) writeUnsigned(writer, part);
};

export const readLists = (reader: ByteReader, texts: readonly string[]): readonly (readonly string[])[] => {
  const count = readCount(reader);
  const lists: string[][] = [];
  for (let i = 0; i < count; i += 1) {
    const names: string[] = [];
    const length = readCount(reader);
    for (let j = 0; j < length; j += 1) names.push(entryAt(texts, readUnsigned(reader)));
    lists.push(names);
  }
  return lists;
};

export const readShapes = (
  reader: ByteReader,
  texts: readonly string[],
  lists: readonly (readonly string[])[],
): readonly FactShape[] => {
  const count = readCount(reader);
  const shapes: FactShape[] = [];
  for (let i = 0; i < count; i += 1) {
    const type = entryAt(texts, readUnsigned(reader));
    const money = moneyOf(readUnsigned(reader), texts);
    const list = readUnsigned(reader);
    shapes.push({ type, money, fields: list === 0 ? undefined : entryAt(lists, list - 1) });
  }
  return shapes;
};

const moneyOf = (code: number, texts: readonly string[]): FactShape['money'] => {
  if (code === 0) return undefined;
  const scale = (code - 1) % scales;
  return { currency: entryAt(texts, (code - 1 - scale) / scales), scale };
};
