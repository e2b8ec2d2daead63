import type { Fact } from './fact.ts';
import {
  type ByteReader,
  type ByteWriter,
  corrupt,
  entryAt,
  readCount,
  readUnsigned,
  writeUnsigned,
} from './packed-bytes.ts';
import { placeOf, type TextTable } from './packed-texts.ts';

/** Scales of an amount run from 0 to 6. */
const scales = 7;

interface MoneyShape {
  readonly currency: string;
  readonly scale: number;
}

/** All of a fact but its instant, its numbers and the values of its fields: few differ within one customer. */
export interface FactShape {
  readonly type: string;
  readonly money: MoneyShape | undefined;
  /** Of the amount that was converted. */
  readonly told: MoneyShape | undefined;
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
  readonly moneys: Pairs;
  readonly typesAndMoney: Pairs;
  readonly shapes: Pairs;
  /** Four numbers a shape. */
  readonly shapeParts: number[];
}

export const shapeTable = (texts: TextTable): ShapeTable => ({
  texts,
  steps: pairs(),
  lists: new Map(),
  listNames: [],
  moneys: pairs(),
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

export const shapeOf = (table: ShapeTable, { type, amount, converted, fields }: Fact): number => {
  const typePlace = placeOf(table.texts, type);
  const money = moneyCode(table, amount);
  const list = fields === undefined ? 0 : 1 + listOf(table, Object.keys(fields));
  const told = moneyCode(table, converted?.told);
  // below zero, so that it is no amount alone
  const moneys = told === 0 ? money : -1 - numberOf(table.moneys, money, told);
  const shape = numberOf(table.shapes, numberOf(table.typesAndMoney, typePlace, moneys), list);
  if (shape * partsOfShape === table.shapeParts.length) table.shapeParts.push(typePlace, money, list, told);
  return shape;
};

const moneyCode = ({ texts }: ShapeTable, money: MoneyShape | undefined): number =>
  money === undefined ? 0 : 1 + placeOf(texts, money.currency) * scales + money.scale;

const partsOfShape = 4;

/** The last part of a shape, what was converted, is written only where `converts`. */
export const writeShapes = (writer: ByteWriter, table: ShapeTable, converts: boolean): void => {
  writeUnsigned(writer, table.listNames.length);
  for (const names of table.listNames) {
    writeUnsigned(writer, names.length);
    for (const name of names) writeUnsigned(writer, placeOf(table.texts, name));
  }
  writeUnsigned(writer, table.shapes.size);
  for (const [index, part] of table.shapeParts.entries())
    if (converts || index % partsOfShape < partsOfShape - 1) writeUnsigned(writer, part);
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
  converts: boolean,
): readonly FactShape[] => {
  const count = readCount(reader);
  const shapes: FactShape[] = [];
  for (let i = 0; i < count; i += 1) {
    const type = entryAt(texts, readUnsigned(reader));
    const money = moneyOf(readUnsigned(reader), texts);
    const list = readUnsigned(reader);
    const told = converts ? moneyOf(readUnsigned(reader), texts) : undefined;
    if (told !== undefined && money === undefined) throw corrupt('a conversion leads to no amount');
    shapes.push({ type, money, told, fields: list === 0 ? undefined : entryAt(lists, list - 1) });
  }
  return shapes;
};

const moneyOf = (code: number, texts: readonly string[]): MoneyShape | undefined => {
  if (code === 0) return undefined;
  const scale = (code - 1) % scales;
  return { currency: entryAt(texts, (code - 1 - scale) / scales), scale };
};
