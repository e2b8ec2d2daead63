import type { Contribution } from '../domain/change.ts';
import type { Factor, ModelShape, WeightedSum } from './model-shape.ts';
import { compileScale, isMonotone, type ScaleFunction } from './scale.ts';
import { type ScoreMachine, valueIn } from './score-machine.ts';
import type { View } from './view.ts';

/** Points are counted in whole millionths: sums are exact, whatever the order, and a comparison sees no rounding noise. */
const perPoint = 1_000_000;

interface CompiledFactor {
  readonly id: string;
  readonly signal: number;
  readonly group: number;
  readonly weight: number;
  readonly scale: ScaleFunction;
  readonly isMonotone: boolean;
  /** Its value moves all the time. */
  readonly decays: boolean;
  /** Millionths when the scale can make nothing of the value. */
  readonly whenMissing: number;
}

/** Σ over groups of min(cap, Σ weight · scale(value)): the scorecard of facts, each factor 0..1 of its weight. */
export const compileWeightedSum = (
  model: ModelShape,
  { groups }: WeightedSum,
  view: View,
  indexOf: ReadonlyMap<string, number>,
): ScoreMachine => {
  const names = Object.keys(groups);
  const caps = Float64Array.from(Object.values(groups), ({ cap }) =>
    Math.round((cap ?? Number.MAX_SAFE_INTEGER / perPoint) * perPoint),
  );
  const factors = Object.values(groups).flatMap((group, g) =>
    group.factors.map((factor) => compileFactor(model, factor, g, indexOf)),
  );
  const bySignal = Array.from(indexOf, ([, signal]) =>
    factors.flatMap((factor, f) => (factor.signal === signal ? [f] : [])),
  );
  const micro = new Float64Array(factors.length);
  const known = new Uint8Array(factors.length);
  const raw = new Float64Array(names.length);
  const [rawLow, rawHigh] = [new Float64Array(names.length), new Float64Array(names.length)];

  const sumUp = (lowest: Float64Array, highest: Float64Array): void => {
    let low = 0;
    let high = 0;
    for (let g = 0; g < names.length; g += 1) {
      const groupLow = Math.min(caps[g] ?? 0, lowest[g] ?? 0);
      const groupHigh = Math.min(caps[g] ?? 0, highest[g] ?? 0);
      view.groupLow[g] = groupLow / perPoint;
      view.groupHigh[g] = groupHigh / perPoint;
      low += groupLow;
      high += groupHigh;
    }
    view.score[0] = low / perPoint;
    view.score[1] = high / perPoint;
  };

  let coverageIsStale = true;
  /** True when the points changed, or whether they are known. */
  const weigh = (factor: CompiledFactor, f: number): boolean => {
    const share = factor.scale(view.low[factor.signal] ?? Number.NaN, view.texts[factor.signal]);
    const isMissing = Number.isNaN(share);
    const points = isMissing ? factor.whenMissing : Math.round(share * factor.weight);
    const before = micro[f] ?? 0;
    if (known[f] !== (isMissing ? 0 : 1)) {
      known[f] = isMissing ? 0 : 1;
      coverageIsStale = true;
    } else if (points === before) return false;
    micro[f] = points;
    raw[factor.group] = (raw[factor.group] ?? 0) + points - before;
    return true;
  };

  const weighAll = (): void => {
    for (let f = 0; f < factors.length; f += 1) {
      const factor = factors[f];
      if (factor !== undefined) weigh(factor, f);
    }
    if (coverageIsStale) cover();
  };

  const cover = (): void => {
    coverageIsStale = false;
    let f = 0;
    for (let g = 0; g < names.length; g += 1) {
      let [sum, of] = [0, 0];
      for (let factor = factors[f]; factor?.group === g; factor = factors[f]) {
        of += factor.weight;
        if (known[f] === 1) sum += factor.weight;
        f += 1;
      }
      view.coverage[g] = sum / of;
    }
  };

  return {
    evaluate: () => {
      weighAll();
      sumUp(raw, raw);
    },
    update: (signal) => {
      let changed = false;
      for (const f of bySignal[signal] ?? []) {
        const factor = factors[f];
        if (factor !== undefined && weigh(factor, f)) changed = true;
      }
      if (coverageIsStale) cover();
      if (changed) sumUp(raw, raw);
      return changed;
    },
    spread: () => {
      rawLow.set(raw);
      rawHigh.set(raw);
      for (const [f, factor] of factors.entries()) {
        if (!factor.decays) continue;
        const [low, high] = boundsOf(factor, view);
        rawLow[factor.group] = (rawLow[factor.group] ?? 0) + low - (micro[f] ?? 0);
        rawHigh[factor.group] = (rawHigh[factor.group] ?? 0) + high - (micro[f] ?? 0);
      }
      sumUp(rawLow, rawHigh);
    },
    contributions: () => shareOut(factors, names, { micro, raw, caps }, view),
  };
};

const compileFactor = (
  model: ModelShape,
  factor: Factor,
  group: number,
  indexOf: ReadonlyMap<string, number>,
): CompiledFactor => {
  const { missing, decay, from } = model.signals[factor.signal] ?? {};
  const weight = factor.weight * perPoint;
  return {
    id: factor.signal,
    signal: indexOf.get(factor.signal) ?? 0,
    group,
    weight,
    scale: compileScale(factor.scale, model.population?.quantiles[factor.signal]),
    isMonotone: isMonotone(factor.scale),
    decays: decay?.align === 'instant' || (from !== undefined && 'model' in from && 'events' in from),
    whenMissing: missing !== undefined && 'points' in missing ? Math.round(missing.points * weight) : 0,
  };
};

const boundsOf = (
  { scale, signal, weight, isMonotone: monotone }: CompiledFactor,
  view: View,
): readonly [number, number] => {
  const a = Math.round(scale(view.low[signal] ?? Number.NaN, undefined) * weight);
  const b = Math.round(scale(view.high[signal] ?? Number.NaN, undefined) * weight);
  if (!monotone && view.low[signal] !== view.high[signal]) return [0, weight];
  return a < b ? [a, b] : [b, a];
};

interface Points {
  readonly micro: Float64Array;
  readonly raw: Float64Array;
  readonly caps: Float64Array;
}

/** A binding cap cuts its factors in proportion; the last millionths go where the cut rounded most, so the sum is the cap. */
const shareOut = (
  factors: readonly CompiledFactor[],
  names: readonly string[],
  points: Points,
  view: View,
): Contribution[] => {
  const { raw, caps } = points;
  const micro = raw.some((sum, g) => sum > (caps[g] ?? 0)) ? cutDown(factors, points) : points.micro;
  return factors.map(({ id, group: g, signal }, f) => {
    const value = valueIn(view, signal);
    const group = names[g] ?? '';
    const share = (micro[f] ?? 0) / perPoint;
    const capped = (raw[g] ?? 0) > (caps[g] ?? 0);
    // spelled out: copying objects would cost more than all of grading
    if (value === undefined)
      return capped ? { factor: id, group, points: share, capped } : { factor: id, group, points: share };
    return capped ? { factor: id, group, value, points: share, capped } : { factor: id, group, value, points: share };
  });
};

const cutDown = (factors: readonly CompiledFactor[], { micro, raw, caps }: Points): Float64Array => {
  const points = Float64Array.from(micro);
  for (const [g, cap] of caps.entries()) {
    const total = raw[g] ?? 0;
    if (total <= cap) continue;
    const shares = factors.flatMap(({ group }, f) =>
      group === g ? [{ f, exact: ((micro[f] ?? 0) * cap) / total }] : [],
    );
    let rest = cap;
    for (const { f, exact } of shares) rest -= points[f] = Math.floor(exact);
    const byFraction = shares.sort((a, b) => (b.exact % 1) - (a.exact % 1) || a.f - b.f);
    for (const { f } of byFraction.slice(0, rest)) points[f] = (points[f] ?? 0) + 1;
  }
  return points;
};
