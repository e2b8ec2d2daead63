import type { Attributes, Fact, Scalar } from '../../domain/fact.ts';
import type { Instant } from '../../domain/instant.ts';
import { msPerDay } from '../duration.ts';

/** What was said about a customer, and when. */
export interface ToldAttributes {
  readonly at: Instant;
  readonly attributes: Attributes;
}

/** A lead with everything whose time is known: attributes without a date may have been filled in after the outcome. */
export interface LeadHistory {
  /** Oldest first, as `told` is. */
  readonly facts: readonly Fact[];
  readonly told: readonly ToldAttributes[];
}

export interface LeadRule {
  readonly won: readonly string[];
  readonly lost: readonly string[];
  /** A lead is scored so many times 24 hours before its outcome: what is filled in while it closes is not seen. */
  readonly daysBefore: number;
  /** Features that count facts: by name, the types. */
  readonly counts: Readonly<Record<string, readonly string[]>>;
}

/** What was known of a lead at the instant it is scored at. */
export interface ClosedLeadRecord {
  readonly won: boolean;
  readonly scoredAt: Instant;
  /** By name: the latest value told by then, of an attribute or a field of a fact. */
  readonly known: Readonly<Record<string, Known>>;
}

export interface Known {
  readonly value: Scalar;
  readonly knownAt: Instant;
}

/** By the first outcome; undefined for a lead that has none by `asOf`. */
export const closedLeadOf = (
  { facts, told }: LeadHistory,
  { won, lost, daysBefore, counts }: LeadRule,
  asOf: Instant,
): ClosedLeadRecord | undefined => {
  const outcome = facts.find(({ type, at }) => at <= asOf && (won.includes(type) || lost.includes(type)));
  if (outcome === undefined) return undefined;
  const scoredAt = outcome.at - daysBefore * msPerDay;
  const before = facts.filter(({ at }) => at <= scoredAt && at < outcome.at);
  const said = [
    ...told.filter(({ at }) => at <= scoredAt && at < outcome.at),
    ...before.flatMap(({ at, fields }) => (fields === undefined ? [] : [{ at, attributes: fields }])),
  ].sort((a, b) => a.at - b.at);
  const known: Record<string, Known> = {};
  for (const { at, attributes } of said)
    for (const [name, value] of Object.entries(attributes)) known[name] = { value, knownAt: at };
  if (before.length > 0)
    for (const [name, types] of Object.entries(counts))
      known[name] = { value: before.filter(({ type }) => types.includes(type)).length, knownAt: scoredAt };
  return { won: won.includes(outcome.type), scoredAt, known };
};

export interface FeatureNames {
  /** Every value is a number, or yes or no. */
  readonly numbers: readonly string[];
  /** Any other. */
  readonly texts: readonly string[];
}

/** What the leads know, by kind, in alphabetical order. */
export const featureNamesOf = (leads: readonly ClosedLeadRecord[]): FeatureNames => {
  const isNumber = new Map<string, boolean>();
  for (const { known } of leads)
    for (const [name, { value }] of Object.entries(known))
      isNumber.set(name, typeof value !== 'string' && isNumber.get(name) !== false);
  const names = [...isNumber.keys()].sort();
  return {
    numbers: names.filter((name) => isNumber.get(name) === true),
    texts: names.filter((name) => isNumber.get(name) === false),
  };
};
