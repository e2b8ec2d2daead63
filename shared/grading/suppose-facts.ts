import type { Fact, Scalar } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';
import { parseMoney } from '../domain/money.ts';
import type { Profile } from '../domain/profile.ts';
import type { EventSource } from './signal.ts';

/** The customer as it is, and when something is supposed of it. */
export interface SupposingSettings {
  readonly profile: Profile;
  readonly now: Instant;
  /** Of amounts. */
  readonly currency: string;
}

/** A fact of a type and no more; `value` goes where the signal's path points. */
interface FurtherFact {
  readonly type: string;
  readonly value?: { readonly path: string; readonly of: Scalar };
}

/** The profile with so many facts more at `now`; undefined when such an amount cannot be written. */
export const withFacts = (
  { profile, now, currency }: SupposingSettings,
  { type, value }: FurtherFact,
  count = 1,
): Profile | undefined => {
  const told = value === undefined ? {} : valueIn(value, currency);
  if (told === undefined) return undefined;
  const fact: Fact = { type, at: now, ...told };
  const later = profile.facts.findIndex((one) => one.at > now);
  const place = later < 0 ? profile.facts.length : later;
  const further = Array.from({ length: count }, () => fact);
  return { ...profile, facts: [...profile.facts.slice(0, place), ...further, ...profile.facts.slice(place)] };
};

const valueIn = (
  { path, of }: NonNullable<FurtherFact['value']>,
  currency: string,
): Pick<Fact, 'amount' | 'fields'> | undefined => {
  if (path.startsWith('fields.')) return { fields: { [path.slice('fields.'.length)]: of } };
  const amount = parseMoney(String(of), currency);
  return amount === undefined ? undefined : { amount };
};

/** The profile as if none of the facts that a signal looks at had happened. */
export const withoutFacts = (profile: Profile, { events }: EventSource, now: Instant): Profile => ({
  ...profile,
  facts: profile.facts.filter(({ type, at }) => at > now || !events.includes(type)),
});
