import type { CustomerEvent } from './event.ts';
import type { Attributes, Fact, Scalar } from './fact.ts';
import type { CustomerId } from './ids.ts';
import { compareVersions, type RecordVersion, recordKeyOf } from './record.ts';

/** What one record says about a customer, or that it no longer says anything. */
export interface RecordState {
  readonly version: RecordVersion;
  /** A tombstone: nothing older than `version` may come back. */
  readonly retracted: boolean;
  readonly attributes: Attributes;
  readonly facts: readonly Fact[];
  /** The customer that handed it over; absent for a record of this customer's own. */
  readonly from?: CustomerId;
}

/** A customer by record. The key is short for the store's sake; see `packRecords`. */
export type Records = ReadonlyMap<string, RecordState>;

/** A customer as grading sees it: all records together. */
export interface Profile {
  readonly attributes: Attributes;
  /** By instant, oldest first; equal instants in the order of their records, so that it never depends on arrival. */
  readonly facts: readonly Fact[];
}

export type Applied = { readonly outcome: 'stale' } | { readonly outcome: 'applied'; readonly records: Records };

/** An event replaces what its record said before; an equal or older version changes nothing. Total and pure. */
export const applyToRecords = (
  records: Records,
  event: Extract<CustomerEvent, { record: unknown }>,
  keyOf: (key: string) => string = shortKey,
): Applied => {
  const key = keyOf(recordKeyOf(event.record));
  const seen = records.get(key);
  if (seen !== undefined && compareVersions(event.version, seen.version) <= 0) return { outcome: 'stale' };
  const said =
    event.kind === 'record.asserted'
      ? { retracted: false, attributes: event.attributes, facts: event.facts }
      : { retracted: true, attributes: {}, facts: [] };
  return { outcome: 'applied', records: new Map(records).set(key, { version: event.version, ...said }) };
};

/**
 * Attributes of several records: of two that name the same one, the customer's own goes over what was handed to it, then the
 * newer source wins, then the larger key.
 */
export const profileOf = (records: Records): Profile => {
  const attributes: Record<string, Scalar> = {};
  const facts: Fact[] = [];
  for (const [, record] of [...records].sort(oldestFirst)) {
    Object.assign(attributes, record.attributes);
    facts.push(...record.facts);
  }
  // the sort is stable and the records are in an order of their own, so equal facts keep that order
  return { attributes, facts: facts.sort((a, b) => a.at - b.at) };
};

const oldestFirst = ([keyA, a]: [string, RecordState], [keyB, b]: [string, RecordState]): number =>
  Number(b.from !== undefined) - Number(a.from !== undefined) ||
  a.version.source - b.version.source ||
  (keyA < keyB ? -1 : keyA > keyB ? 1 : 0);

/** Ids that are long would dominate the size of a customer: they are kept as 48 bits of two FNV-1a hashes. */
export const shortKey = (key: string): string => (key.length <= 8 ? key : fnv48(key));

const fnv48 = (text: string): string => {
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) ^ (a >>> 15);
  }
  const high = (b ^ (b >>> 13)) & 0xffff;
  return (high * 0x1_0000_0000 + (a >>> 0)).toString(36).padStart(10, '0');
};
