import type { Fact, Scalar } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';
import { parseMoney } from '../domain/money.ts';
import type { Profile } from '../domain/profile.ts';
import type { EventSource } from './signal.ts';

/** A further fact of a type as a signal would take it; `value` goes where the signal's path points. */
export interface FurtherFact {
  readonly type: string;
  readonly value?: { readonly path: string; readonly of: Scalar } | undefined;
}

/**
 * The profile with so many facts more at an instant; undefined when such an amount cannot be written. Where the signal asks for
 * fields, the newest fact of the type lends its own, without what tells one fact from another.
 */
export const withFacts = (
  profile: Profile,
  { type, value }: FurtherFact,
  count: number,
  { source, now, currency }: { readonly source: EventSource; readonly now: Instant; readonly currency: string },
): Profile | undefined => {
  const path = value?.path ?? '';
  const like = source.where === undefined ? undefined : profile.facts.findLast((fact) => fact.type === type && fact.at <= now);
  const { [nameOf(source.distinctBy ?? '')]: _, ...lent } = like?.fields ?? {};
  const fields = path.startsWith('fields.') && value !== undefined ? { ...lent, [nameOf(path)]: value.of } : lent;
  const amount = path.startsWith('fields.') || value === undefined ? undefined : parseMoney(String(value.of), currency);
  if (value !== undefined && !path.startsWith('fields.') && amount === undefined) return undefined;
  const fact: Fact = {
    type,
    at: now,
    ...(amount === undefined ? {} : { amount }),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
  };
  const later = profile.facts.findIndex((one) => one.at > now);
  const place = later < 0 ? profile.facts.length : later;
  const further = Array.from({ length: count }, () => fact);
  return { ...profile, facts: [...profile.facts.slice(0, place), ...further, ...profile.facts.slice(place)] };
};

/** The profile as if none of these facts had happened. */
export const withoutFacts = (profile: Profile, { events }: EventSource, now: Instant): Profile => ({
  ...profile,
  facts: profile.facts.filter(({ type, at }) => at > now || !events.includes(type)),
});

const nameOf = (path: string): string => path.replace(/^fields\./, '');
