import type { CustomerId } from './ids.ts';

/**
 * Where a customer stands in its cohort, best first: numbers, largest first, then the customer. Each number is the 16 hex digits
 * of its IEEE 754 double, turned so that they sort descending: with a clear sign bit every other bit is inverted, with a set one
 * the magnitude already grows as the number falls. All of it is ASCII, so text order is byte order in every store.
 */
export type RankKey = string;

const digitsPerNumber = 16;
const divider = '|';
/** After every number: what is unknown ranks last. */
const unknown = 'f'.repeat(digitsPerNumber);
/** Sorts after every key that begins alike. */
export const afterAll = '~';

const words = new DataView(new ArrayBuffer(8));

const digitsOf = (value: number): string => {
  if (Number.isNaN(value)) return unknown;
  words.setFloat64(0, value === 0 ? 0 : value); // −0 is 0
  const high = words.getUint32(0);
  const low = words.getUint32(4);
  const negative = high >= 0x8000_0000;
  return hex(negative ? high : ~high & 0x7fff_ffff) + hex(negative ? low : ~low);
};

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

const numberOf = (digits: string): number => {
  if (digits === unknown) return Number.NaN;
  const high = Number.parseInt(digits.slice(0, 8), 16);
  const low = Number.parseInt(digits.slice(8), 16);
  const negative = high >= 0x8000_0000;
  words.setUint32(0, negative ? high : ~high & 0x7fff_ffff);
  words.setUint32(4, negative ? low : ~low);
  return words.getFloat64(0);
};

/** The first number is the score, tie-breaks follow; NaN: unknown. */
export const rankKeyOf = (numbers: readonly number[], customer: CustomerId): RankKey => {
  let key = '';
  for (const number of numbers) key += digitsOf(number);
  return `${key}${divider}${asciiOf(customer)}`;
};

/** The score that a key, or the beginning of one, stands for. */
export const scoreOfKey = (key: RankKey): number => numberOf(key.slice(0, digitsPerNumber));

/** What all keys of one score begin with. */
export const scorePrefix = (key: RankKey): string => key.slice(0, digitsPerNumber);

export const customerOfKey = (key: RankKey): CustomerId =>
  key
    .slice(key.indexOf(divider) + 1)
    .replace(/%([0-9a-f]{4})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))) as CustomerId;

/** Ids are ASCII nearly always; what is not, half a character included, sorts the same in every store once it is escaped. */
const asciiOf = (customer: CustomerId): string =>
  customer.replace(/[^\x21-\x24\x26-\x7d]/g, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
