import type { Contribution } from '../domain/change.ts';
import type { Scalar } from '../domain/fact.ts';
import type { Model } from './model.ts';
import type { Factor } from './model-shape.ts';
import { placedFactors } from './placed-factors.ts';
import { compileScale } from './scale.ts';

/** What a factor gives before its group's cap. */
export interface FactorPoints {
  readonly factor: Factor;
  readonly group: string;
  readonly value: Scalar | undefined;
  /** Rounded to a millionth, as in the score. */
  readonly points: number;
}

/** By the values that the contributions of one decision name; none where one signal is the score. */
export const factorPoints = (model: Model, contributions: readonly Contribution[]): readonly FactorPoints[] => {
  const values = new Map(contributions.map(({ factor, value }) => [factor, value]));
  return placedFactors(model).map(({ factor, group }) => {
    const value = values.get(factor.signal);
    return { factor, group, value, points: Math.round(shareOf(model, factor, value) * factor.weight * 1e6) / 1e6 };
  });
};

const shareOf = ({ signals, population }: Model, { signal, scale }: Factor, value: Scalar | undefined): number => {
  const { missing } = signals[signal] ?? {};
  const number = typeof value === 'number' ? value : Number.NaN;
  const text = typeof value === 'number' ? undefined : value;
  const share = compileScale(scale, population?.quantiles[signal])(number, text);
  if (!Number.isNaN(share)) return share;
  return missing !== undefined && 'points' in missing ? missing.points : 0;
};
