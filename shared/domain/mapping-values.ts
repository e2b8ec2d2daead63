import type { AttributeMapping } from '../definitions/mapping.ts';
import type { Scalar } from './fact.ts';
import type { Json } from './json.ts';
import type { InstantReader } from './mapping-instant.ts';
import { valueAt } from './path.ts';

const longestText = 1_000;
const decimal = /^[+-]?\d+(\.\d+)?$/;

/** As {@link valueAt}, and a text of nothing but blanks is absent too. */
export const presentAt = (json: Json | undefined, path: string): Json | undefined => {
  const value = valueAt(json, path);
  return typeof value === 'string' && value.trim() === '' ? undefined : value;
};

/** A value as it stands: lists of plain values become one text, objects have none. */
export const scalarOf = (value: Json | undefined): Scalar | undefined => {
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'boolean' ? value : joined(value);
};

/** Reads one attribute; undefined means unknown, also for what is not of the type asked for. */
export const compileAttribute = (
  mapping: AttributeMapping,
  instants: InstantReader,
): ((content: Json) => Scalar | undefined) => {
  if (typeof mapping === 'string') return (content) => scalarOf(presentAt(content, mapping));
  if ('value' in mapping) return () => mapping.value;
  const convert = conversions(instants)[mapping.as];
  return (content) => convert(presentAt(content, mapping.path));
};

type Conversion = Exclude<AttributeMapping, string | { value: unknown }>['as'];

const conversions = (instants: InstantReader): Record<Conversion, (value: Json | undefined) => Scalar | undefined> => ({
  text: (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : scalarOf(value)),
  number: numberOf,
  boolean: booleanOf,
  instant: (value) => instants.instantOf(value),
  date: (value) => instants.dateOf(value),
  first: (value) => scalarOf(Array.isArray(value) ? (value as readonly Json[])[0] : value),
});

const numberOf = (value: Json | undefined): number | undefined => {
  if (typeof value === 'string') return decimal.test(value.trim()) ? finite(Number(value)) : undefined;
  return typeof value === 'number' ? finite(value) : undefined;
};

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

const booleanOf = (value: Json | undefined): boolean | undefined => {
  if (value === true || value === 1 || value === 'true' || value === '1') return true;
  return value === false || value === 0 || value === 'false' || value === '0' ? false : undefined;
};

const joined = (value: Json | undefined): string | undefined => {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const items = value as readonly Json[];
  return items.every((item) => item !== null && typeof item !== 'object') ? cut(items.join(', ')) : undefined;
};

/** Never between the halves of a surrogate pair. */
const cut = (text: string): string => {
  if (text.length <= longestText) return text;
  const last = text.charCodeAt(longestText - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? longestText - 1 : longestText);
};
