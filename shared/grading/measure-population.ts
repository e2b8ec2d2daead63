import type { Scalar } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';
import type { Profile } from '../domain/profile.ts';
import { compileModel } from './compile-model.ts';
import type { Model } from './model.ts';
import { placedFactors } from './placed-factors.ts';
import type { Population } from './population-shape.ts';
import { readSignalsOf } from './read-signals.ts';
import { resolveSegments } from './resolve-segments.ts';
import { compileScale, type Scale } from './scale.ts';
import { quantile } from './statistics/quantile.ts';
import { type Refused, refuse } from './statistics/refusal.ts';

export interface PopulationMeasure {
  /** Counts a customer, if it is in the model's scope. */
  take(profile: Profile): void;
  /** Refuses below 20 customers. */
  finish(): { readonly ok: true; readonly population: Population } | Refused;
}

const fewestCustomers = 20;
/** Percent by percent. */
const mostQuantiles = 101;

/**
 * Takes the snapshot of all customers of a model at an instant: the mean share of every factor of its score (before caps of groups),
 * the score's mean where one signal is the score, and the quantiles of every signal that a percentile looks up. A population that the
 * model already has is not looked at.
 */
export const measurePopulation = (model: Model, asOf: Instant): PopulationMeasure => {
  const { decide } = compileModel({ ...model, segments: [] }, '');
  const readSignals = readSignalsOf(model);
  const percentiles = new Map(percentileSignals(model).map((id) => [id, [] as number[]]));
  const factors = factorsOf(model).map((factor) => ({ ...factor, sum: 0, unknown: 0 }));
  let customers = 0;
  return {
    take: (profile) => {
      if (decide(profile, asOf).score === null) return;
      customers += 1;
      const valueOf = readSignals(profile, asOf);
      for (const [id, values] of percentiles) {
        const { number } = valueOf(id);
        if (!Number.isNaN(number)) values.push(number);
      }
      for (const factor of factors) {
        const { number, text } = valueOf(factor.signal);
        const share = factor.shareOf(number, text);
        if (Number.isNaN(share)) factor.unknown += 1;
        else factor.sum += share;
      }
    },
    finish: () => {
      if (customers < fewestCustomers) return tooFew(customers);
      const quantiles = Object.fromEntries(
        [...percentiles].flatMap(([id, values]) => (values.length === 0 ? [] : [[id, quantilesOf(values)]])),
      );
      const means = meansOf(factors, quantiles, percentiles, customers);
      return { ok: true, population: { asOf: new Date(asOf).toISOString(), customers, means, quantiles } };
    },
  };
};

interface Factor {
  readonly signal: string;
  readonly weight: number;
  readonly scale: Scale | undefined;
  /** What an unknown value counts as. */
  readonly missing: number;
  readonly shareOf: (value: number, text: Scalar | undefined) => number;
}

interface Summed extends Factor {
  readonly sum: number;
  readonly unknown: number;
}

const factorsOf = (model: Model): Factor[] => {
  const { score, signals } = model;
  if (score.combine === 'single')
    return [{ signal: score.signal, weight: 1, scale: undefined, missing: 0, shareOf: (value) => value }];
  return placedFactors(model).map(({ factor: { signal, weight, scale } }) => {
    const { missing } = signals[signal] ?? {};
    return {
      ...{ signal, weight, scale, shareOf: compileScale(scale) },
      missing: missing !== undefined && 'points' in missing ? missing.points : 0,
    };
  });
};

/** Of two factors that look at one signal, the mean by their weights. */
const meansOf = (
  factors: readonly Summed[],
  quantiles: Readonly<Record<string, readonly number[]>>,
  values: ReadonlyMap<string, readonly number[]>,
  customers: number,
): Record<string, number> => {
  const shares = new Map<string, { weighed: number; weight: number }>();
  for (const factor of factors) {
    const { signal, weight, scale, missing } = factor;
    const known = values.get(signal) ?? [];
    const isPercentile = scale !== undefined && 'percentile' in scale;
    const look = isPercentile ? compileScale(scale, quantiles[signal]) : undefined;
    const sum = look === undefined ? factor.sum : known.reduce((all, value) => all + look(value, undefined), 0);
    const unknown = look === undefined ? factor.unknown : customers - known.length;
    const before = shares.get(signal) ?? { weighed: 0, weight: 0 };
    const mean = (sum + unknown * missing) / customers;
    shares.set(signal, { weighed: before.weighed + weight * mean, weight: before.weight + weight });
  }
  return Object.fromEntries([...shares].map(([signal, { weighed, weight }]) => [signal, rounded(weighed / weight)]));
};

const quantilesOf = (values: readonly number[]): number[] => {
  const sorted = Array.from(Float64Array.from(values).sort());
  const steps = Math.max(1, Math.min(mostQuantiles, sorted.length) - 1);
  return Array.from({ length: steps + 1 }, (_, i) => rounded(quantile(sorted, i / steps)));
};

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6 + 0;

const percentileSignals = (model: Model): readonly string[] => [
  ...new Set(
    [model, ...resolveSegments(model).map((segment) => segment.model)].flatMap((one) =>
      placedFactors(one).flatMap(({ factor }) => ('percentile' in factor.scale ? [factor.signal] : [])),
    ),
  ),
];

const tooFew = (customers: number): Refused =>
  refuse(
    'tooFewCustomers',
    `${customers} customers in the model's scope are too few for a snapshot: at least ${fewestCustomers} are needed. Use fixed limits (bands) until there are more.`,
    `模型范围内只有 ${customers} 个客户，不足以生成快照：至少需要 ${fewestCustomers} 个。数量足够之前，请使用固定界限（bands）。`,
  );
