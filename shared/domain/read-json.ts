import type * as z from 'zod';

/** What JSON can say, as a payload holds it. */
export type JsonValue = z.infer<ReturnType<typeof z.json>>;

export type JsonRead =
  | { readonly ok: true; readonly value: JsonValue }
  /** `reason` never quotes what was read. */
  | { readonly ok: false; readonly reason: string };

/** Deeper than any CRM nests, and far from where writing JSON again exhausts the stack. */
const deepest = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text, or undefined where the bytes are not UTF-8. */
export const readUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
};

/**
 * Reads JSON (RFC 8259) that somebody else wrote. A whole number too large to be kept exactly comes back as its text:
 * CRM ids have up to 19 digits, and rounding one would make two records the same. Never throws.
 */
export const readJson = (bytes: Uint8Array): JsonRead => {
  const text = readUtf8(bytes);
  if (text === undefined) return { ok: false, reason: 'the body is not UTF-8' };
  const value = parse(text);
  if (value === undefined) return { ok: false, reason: 'the body is not JSON' };
  if (!isShallow(value, deepest)) return { ok: false, reason: `the body is nested more than ${deepest} deep` };
  return { ok: true, value };
};

const parse = (text: string): JsonValue | undefined => {
  try {
    const value = JSON.parse(text) as JsonValue;
    return mayHoldLongNumber.test(text) ? (JSON.parse(quoteLongNumbers(text)) as JsonValue) : value;
  } catch {
    return undefined;
  }
};

/** Cheap and generous: also met inside strings, which the rewriting leaves alone. */
const mayHoldLongNumber = /[[:,\s]-?\d{16}|^-?\d{16}/;

/** A string, passed over whole, or a number. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

const quoteLongNumbers = (text: string): string =>
  text.replace(stringOrNumber, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );

const isShallow = (value: JsonValue, levels: number): boolean => {
  if (value === null || typeof value !== 'object') return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object' || isShallow(item, levels - 1));
  // every delivery passes here: no list of members is made, and no call for what holds nothing
  for (const name in value) {
    const member = value[name];
    if (typeof member === 'object' && !isShallow(member, levels - 1)) return false;
  }
  return true;
};
