import type { Contribution, WeighedContribution } from '../domain/change.ts';
import type { Reasons } from '../domain/reasons.ts';
import { factorPoints } from './factor-points.ts';
import type { Model } from './model.ts';
import { placedFactors } from './placed-factors.ts';

/** Points are counted in whole millionths, as in the score itself. */
const perPoint = 1_000_000;

export interface WeighedReasons {
  readonly contributions: readonly WeighedContribution[];
  readonly baseline: Reasons['baseline'];
  readonly caps: Reasons['caps'];
}

/** A cut-off as a baseline. */
export interface CutBelow {
  readonly grade: string;
  readonly score: number;
}

/**
 * Tells every contribution against the baseline of `explain.baseline`: phi = points − the baseline's points of that factor, so
 * that Σphi = score − baseline within 1e-9.
 *
 * - `zero`: phi is the points.
 * - `population`: w · (f(x) − mean share), for independent features the SHAP value of a linear model. Where a group's cap binds
 *   the phi of its factors are scaled by cap / raw as their points are; the baseline's points of that group are scaled with them.
 *   A factor without a mean counts from zero; so do all while the model has no snapshot of its population.
 * - `cutoff`: the score at which the raw grade begins, shared out over the factors in proportion to their weight. In the last
 *   grade, and where a table decides, there is no such cut: zero.
 */
export const weighReasons = (
  model: Model,
  contributions: readonly Contribution[],
  cutBelow: CutBelow | undefined,
): WeighedReasons => {
  const caps = bindingCaps(model, contributions);
  const { kind, points, grade } = baselinePoints(model, contributions, cutBelow);
  return {
    contributions: contributions.map((one, i) => ({ ...one, phi: difference(one.points, points[i] ?? 0) })),
    baseline: { kind, score: sum(points), ...(grade === undefined ? {} : { grade }) },
    caps,
  };
};

/** Of few points without the noise of doubles in the last digits, which would only be read and sent. */
const difference = (points: number, of: number): number => {
  const exact = points - of;
  return Math.abs(exact) < 1_000 ? Number(exact.toPrecision(14)) + 0 : exact;
};

interface BaselinePoints extends Pick<Reasons['baseline'], 'kind' | 'grade'> {
  /** By contribution. */
  readonly points: readonly number[];
}

const baselinePoints = (
  model: Model,
  contributions: readonly Contribution[],
  cutBelow: CutBelow | undefined,
): BaselinePoints => {
  const { explain, population, score } = model;
  if (explain.baseline === 'cutoff' && cutBelow !== undefined) {
    const weights = weightsOf(model, contributions);
    return { kind: 'cutoff', points: sharedOut(cutBelow.score, weights), grade: cutBelow.grade };
  }
  if (explain.baseline !== 'population' || population === undefined)
    return { kind: 'zero', points: contributions.map(() => 0) };
  const { means } = population;
  if (score.combine === 'single') return { kind: 'population', points: [means[score.signal] ?? 0] };
  const weights = weightsOf(model, contributions);
  const scales = capScales(model, contributions);
  const points = contributions.map(({ factor, group = '' }, i) => {
    const share = (weights[i] ?? 0) * (means[factor] ?? 0) * (scales.get(group) ?? 1);
    return Math.round(share * perPoint) / perPoint;
  });
  return { kind: 'population', points };
};

/** The weight of each contribution's factor; 1 where one signal is the score. */
const weightsOf = (model: Model, contributions: readonly Contribution[]): readonly number[] => {
  const left = [...placedFactors(model)];
  return contributions.map(({ factor, group }) => {
    const place = left.findIndex((placed) => placed.factor.signal === factor && placed.group === group);
    return place < 0 ? 1 : (left.splice(place, 1)[0]?.factor.weight ?? 1);
  });
};

/** In millionths; what is left over goes to the first, so that the parts sum to the whole. */
const sharedOut = (whole: number, weights: readonly number[]): readonly number[] => {
  const total = weights.reduce((all, weight) => all + weight, 0);
  const points = weights.map((weight) => Math.round(((whole * weight) / total) * perPoint) / perPoint);
  return points.map((one, i) => (i === 0 ? one + (whole - sum(points)) : one));
};

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Cap / raw, by group whose cap binds. */
const capScales = (model: Model, contributions: readonly Contribution[]): ReadonlyMap<string, number> => {
  const caps = bindingCaps(model, contributions);
  if (caps.length === 0) return new Map();
  const all = factorPoints(model, contributions);
  return new Map(
    caps.map(({ group, cap }) => [group, cap / sum(all.filter((one) => one.group === group).map((one) => one.points))]),
  );
};

const bindingCaps = ({ score }: Model, contributions: readonly Contribution[]): Reasons['caps'] => {
  if (score.combine === 'single') return [];
  const capped = new Set(contributions.flatMap(({ group, capped }) => (capped === true ? [group] : [])));
  return Object.entries(score.groups).flatMap(([group, { cap }]) =>
    capped.has(group) && cap !== undefined ? [{ group, cap }] : [],
  );
};
