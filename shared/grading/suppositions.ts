import { currencyDigits } from '../domain/currency-digits.ts';
import type { Profile } from '../domain/profile.ts';
import type { Supposition } from '../domain/reasons.ts';
import type { Lever } from './levers.ts';
import type { Reach } from './reach-share.ts';
import type { EventSource } from './signal.ts';
import { type SupposingSettings, withFacts, withoutFacts } from './suppose-facts.ts';

/** Something that is not so, and the customer as it would be. */
export interface Supposed {
  readonly suppose: Supposition;
  readonly profile: Profile;
}

/**
 * What can be supposed of one factor, to be graded. Of an attribute: its values beyond a cut. Of facts: one more of each kind, as
 * many more as it takes where kinds have points of their own, the amount it takes where amounts are summed, the value it takes
 * where the largest or the last one counts; and none at all. Of averages, smallest and distinct values and of fitted models no
 * single fact says what it would take: one more of each kind is all. A further fact has no fields, so that where a signal's
 * `where` asks for some nothing is supposed.
 */
export const suppositionsOf = (lever: Lever, settings: SupposingSettings): readonly Supposed[] => {
  const { from } = lever.signal;
  if ('attribute' in from) return lever.reaches.map((reach) => withAttribute(lever, from.attribute, reach, settings));
  if (!('events' in from)) return [];
  return factSuppositions(lever, 'model' in from ? { events: from.events } : from, settings);
};

const withAttribute = (
  { factor }: Lever,
  attribute: string,
  { is, value, at }: Reach,
  { profile }: SupposingSettings,
): Supposed => ({
  suppose: { if: 'value', factor, is, value },
  profile: { ...profile, attributes: { ...profile.attributes, [attribute]: at } },
});

const factSuppositions = (lever: Lever, source: EventSource, settings: SupposingSettings): readonly Supposed[] => {
  const { signal, factor } = lever;
  const { profile, now } = settings;
  const without = withoutFacts(profile, source, now);
  return [
    ...moreFacts(lever, source, settings),
    ...(signal.value !== undefined && 'path' in signal.value
      ? lever.reaches.flatMap((reach) => valuedFact(lever, source, reach, settings))
      : []),
    ...(without.facts.length === profile.facts.length
      ? []
      : [{ suppose: { if: 'without' as const, factor }, profile: without }]),
  ];
};

/** More than so many further facts are no smallest change. */
const mostFacts = 99;

const moreFacts = (lever: Lever, source: EventSource, settings: SupposingSettings): readonly Supposed[] =>
  source.events.flatMap((type) =>
    [...new Set([1, ...countsFor(lever, type)])].flatMap((count) => {
      const profile = withFacts(settings, { type }, count);
      return profile === undefined ? [] : [{ suppose: { if: 'fact', type, count }, profile }];
    }),
  );

/** How many facts of a type make the values that are wanted, each at its full worth. */
const countsFor = ({ signal, value, reaches }: Lever, type: string): readonly number[] => {
  const worth = worthOf(signal, type);
  if (worth === undefined || worth === 0) return [];
  return reaches.flatMap(({ at }) => {
    const count = Math.ceil((Number(at) - Number(value ?? 0)) / worth - 1e-9);
    return count > 1 && count <= mostFacts ? [count] : [];
  });
};

const worthOf = ({ agg, value }: Lever['signal'], type: string): number | undefined => {
  if (agg === 'count') return 1;
  if (agg !== 'sum') return undefined;
  if (value === undefined) return 1;
  return 'perEvent' in value ? (value.perEvent[type] ?? 0) : undefined;
};

const valuedFact = (
  { factor, signal, value }: Lever,
  source: EventSource,
  reach: Reach,
  settings: SupposingSettings,
): readonly Supposed[] => {
  if (signal.value === undefined || !('path' in signal.value)) return [];
  const { path, sign = {} } = signal.value;
  if (signal.agg === 'last' || signal.agg === 'max') {
    const [type = ''] = source.events;
    const profile = withFacts(settings, { type, value: { path, of: reach.at } });
    return profile === undefined
      ? []
      : [{ suppose: { if: 'value', factor, is: reach.is, value: reach.value }, profile }];
  }
  if (signal.agg !== 'sum') return [];
  const amount = outwards(Number(reach.at) - Number(value ?? 0), path, settings.currency);
  const type = source.events.find((event) => (sign[event] ?? 1) === Math.sign(amount)) ?? source.events[0] ?? '';
  const of = amount * (sign[type] ?? 1);
  const profile = withFacts(settings, { type, value: { path, of } });
  return profile === undefined || amount === 0 ? [] : [{ suppose: { if: 'amount', factor, amount }, profile }];
};

/** Away from zero, to the currency's smallest unit; a field to a thousandth. */
const outwards = (amount: number, path: string, currency: string): number => {
  const unit = 10 ** (path.startsWith('fields.') ? 3 : (currencyDigits(currency) ?? 2));
  const units = Math.ceil(Number((Math.abs(amount) * unit).toFixed(6)));
  return (Math.sign(amount) * units) / unit;
};
