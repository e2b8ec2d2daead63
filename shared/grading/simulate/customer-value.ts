import type { Instant } from '../../domain/instant.ts';
import { majorUnits } from '../../domain/money.ts';
import type { Profile } from '../../domain/profile.ts';
import { compileModel } from '../compile-model.ts';
import { msPerDay } from '../duration.ts';
import type { Model } from '../model.ts';

/** What a customer is worth, in major units of the model's currency. */
export interface CustomerValue {
  /** The signal it is; undefined: all amounts of the last 365 days. */
  readonly signal: string | undefined;
  readonly of: (profile: Profile, now: Instant) => number;
}

/** The signal that was asked for, otherwise what the model itself sums up of amounts: its score first. */
export const valueSignalOf = ({ signals, score }: Model): string | undefined => {
  const sums = Object.entries(signals)
    .filter(([, { agg, value, decay }]) => agg === 'sum' && decay === undefined && isOfAmounts(value))
    .map(([name]) => name);
  return score.combine === 'single' && sums.includes(score.signal) ? score.signal : sums[0];
};

type Value = Model['signals'][string]['value'];

const isOfAmounts = (value: Value): boolean =>
  value !== undefined && 'path' in value && (value.path === 'amount' || value.path === 'amountBase');

export const customerValue = (model: Model, signal = valueSignalOf(model)): CustomerValue =>
  signal === undefined ? { signal, of: amountsOfYear } : { signal, of: signalReader(model, signal) };

/** A model that scores by the signal alone, and grades by nothing. */
const signalReader = (model: Model, signal: string): CustomerValue['of'] => {
  const grader = compileModel(scoringBy(model, signal), 'value');
  return (profile, now) => grader.decide(profile, now).score ?? 0;
};

const scoringBy = (model: Model, signal: string): Model => {
  const { scope: _scope, stability: _stability, population: _population, ...rest } = model;
  const ranked = rest.grades.filter((grade) => grade.ranked).slice(0, -1);
  const picked = Object.fromEntries(Object.entries(rest.signals).filter(([name]) => name === signal));
  return {
    ...rest,
    signals: picked,
    score: { combine: 'single', signal },
    cutoffs: { method: 'absolute', atLeast: Object.fromEntries(ranked.map(({ id }, index) => [id, -index])) },
    partitions: [],
    guards: [],
    segments: [],
    tags: {},
    explain: { ...rest.explain, baseline: 'zero' },
  };
};

const amountsOfYear: CustomerValue['of'] = ({ facts }, now) => {
  let value = 0;
  for (const { at, amount } of facts)
    if (amount !== undefined && at <= now && at > now - 365 * msPerDay) value += majorUnits(amount);
  return value;
};
