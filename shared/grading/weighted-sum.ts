import type { Contribution } from '../domain/change.ts';
import { type ScoreMachine, valueIn } from './compile-score.ts';
import type { Factor, ModelShape, WeightedSum } from './model-shape.ts';
import { compileScale, isMonotone, type ScaleFunction } from './scale.ts';
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
  const caps = Float64Array.from(Object.values(groups), ({ cap }) => Math.round((cap ?? Number.MAX_SAFE_INTEGER / perPoint) * perPoint));
  const factors = Object.values(groups).flatMap((group, g) => group.factors.map((factor) => compileFactor(model, factor, g, indexOf)));
  const bySignal = Array.from(indexOf, ([, signal]) => factors.flatMap((factor, f) => (factor.signal === signal ? [f] : [])));
  const micro = new Float64Array(factors.length);
  const known = new Uint8Array(factors.length);
  const raw = new Float64Array(names.length);
  const [rawLow, rawHigh] = [new Float64Array(names.length), new Float64Array(names.length)];

  const sumUp = (lowest: Float64Array, highest: Float64Array): void => {
    let [low, high] = [0, 0];
    for (let g = 0; g < names.length; g += 1) {
      const cap = caps[g] ?? 0;
      const [groupLow, groupHigh] = [Math.min(cap, lowest[g] ?? 0), Math.min(cap, highest[g] ?? 0)];
      view.groupLow[g] = groupLow / perPoint;
      view.groupHigh[g] = groupHigh / perPoint;
      low += groupLow;
      high += groupHigh;
    }
    view.score[0] = low / perPoint;
    view.score[1] = high / perPoint;
  };

  /** True when the points changed. */
  const weigh = (factor: CompiledFactor, f: number): boolean => {
    const share = factor.scale(view.low[factor.signal] ?? Number.NaN, view.texts[factor.signal]);
    const isKnown = Number.isNaN(share) ? 0 : 1;
    const points = isKnown === 1 ? Math.round(share * factor.weight) : factor.whenMissing;
    const before = micro[f] ?? 0;
    const changed = points !== before || isKnown !== known[f];
    micro[f] = points;
    known[f] = isKnown;
    raw[factor.group] = (raw[factor.group] ?? 0) + points - before;
    return changed;
  };

  const cover = (): void => {
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
      for (const [f, factor] of factors.entries()) weigh(factor, f);
      cover();
      sumUp(raw, raw);
    },
    update: (signal) => {
      let changed = false;
      for (const f of bySignal[signal] ?? []) {
        const factor = factors[f];
        if (factor !== undefined && weigh(factor, f)) changed = true;
      }
      if (changed) {
        cover();
        sumUp(raw, raw);
      }
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

const compileFactor = (model: ModelShape, factor: Factor, group: number, indexOf: ReadonlyMap<string, number>): CompiledFactor => {
  const { missing, decay } = model.signals[factor.signal] ?? {};
  const weight = factor.weight * perPoint;
  return {
    id: factor.signal,
    signal: indexOf.get(factor.signal) ?? 0,
    group,
    weight,
    scale: compileScale(factor.scale),
    isMonotone: isMonotone(factor.scale),
    decays: decay !== undefined,
    whenMissing: missing !== undefined && 'points' in missing ? Math.round(missing.points * weight) : 0,
  };
};

const boundsOf = ({ scale, signal, weight, isMonotone: monotone }: CompiledFactor, view: View): readonly [number, number] => {
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
const shareOut = (factors: readonly CompiledFactor[], names: readonly string[], { micro, raw, caps }: Points, view: View): Contribution[] => {
  const points = Array.from(micro);
  const capped = names.map((_, g) => (raw[g] ?? 0) > (caps[g] ?? 0));
  for (const [g, isCapped] of capped.entries()) {
    if (!isCapped) continue;
    const members = factors.flatMap((factor, f) => (factor.group === g ? [f] : []));
    const exact = new Map(members.map((f) => [f, ((micro[f] ?? 0) * (caps[g] ?? 0)) / (raw[g] ?? 1)]));
    let rest = caps[g] ?? 0;
    for (const [f, share] of exact) rest -= points[f] = Math.floor(share);
    const byFraction = [...members].sort((a, b) => ((exact.get(b) ?? 0) % 1) - ((exact.get(a) ?? 0) % 1) || a - b);
    for (const f of byFraction.slice(0, rest)) points[f] = (points[f] ?? 0) + 1;
  }
  return factors.map(({ id, group, signal }, f) => ({
    factor: id,
    group: names[group] ?? '',
    ...valueIn(view, signal),
    points: (points[f] ?? 0) / perPoint,
    ...(capped[group] === true ? { capped: true } : {}),
  }));
};
