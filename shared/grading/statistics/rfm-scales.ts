import { decimalOf } from '../exact-sum.ts';
import type { Scale } from '../scale.ts';
import type { RfmCuts, RfmValues } from './rfm.ts';

export interface RfmScales {
  readonly recencyDays: Extract<Scale, { bandsBelow: unknown }>;
  readonly frequency: Extract<Scale, { bands: unknown }>;
  readonly monetary: Extract<Scale, { bands: unknown }>;
}

/**
 * Cuts as the scales of a model: score 5 of 5 is the whole weight, 1 is a fifth of it. A scale puts a value on a limit into the
 * better bin, or for recency into the worse one; cuts that leave such a value on the other side are moved to the next value that
 * an amount of the customers' precision can have. Bins that no value falls into are left out.
 */
export const rfmScales = (cuts: RfmCuts, customers: readonly RfmValues[]): RfmScales => {
  const limits = (of: keyof RfmValues): number[] => {
    const decimals = Math.max(0, ...customers.map((customer) => decimalOf(customer[of]).scale));
    return cuts[of].map((cut) => (cuts.onCut === 'from' ? rounded(cut) : nextAbove(cut, decimals)));
  };
  const rising = (of: 'frequency' | 'monetary'): Extract<Scale, { bands: unknown }> => {
    const at = limits(of);
    const bands = at.map((limit, i): [number, number] => [limit, shareOf(i + 2, at.length + 1)]);
    return { bands: withoutEmpty(bands.reverse()), else: shareOf(1, at.length + 1) };
  };
  const recent = limits('recencyDays');
  const bandsBelow = recent.map((limit, i): [number, number] => [
    limit,
    shareOf(recent.length + 1 - i, recent.length + 1),
  ]);
  return {
    recencyDays: { bandsBelow: withoutEmpty(bandsBelow), else: shareOf(1, recent.length + 1) },
    frequency: rising('frequency'),
    monetary: rising('monetary'),
  };
};

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

const shareOf = (score: number, bins: number): number => rounded(score / bins);

/** Quantiles between two values carry the noise of doubles: what is within a billionth of a value is that value. */
const nextAbove = (cut: number, decimals: number): number => {
  const units = cut * 10 ** decimals;
  return rounded((Math.floor(units + 1e-9 * Math.max(1, Math.abs(units))) + 1) / 10 ** decimals);
};

/** The first of equal limits takes all that reach them. */
const withoutEmpty = (bands: readonly [number, number][]): [number, number][] =>
  bands.filter(([limit], i) => bands[i - 1]?.[0] !== limit);
