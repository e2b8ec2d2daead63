import { describe, expect, it } from 'vitest';
import { aliveProbability, expectedPurchases } from '#shared/grading/statistics/dropout-model.ts';
import { fitDropout } from '#shared/grading/statistics/fit-dropout.ts';
import type { DropoutParams } from '#shared/grading/statistics/fitted-params.ts';
import { historyOf, type PurchaseHistory } from '#shared/grading/statistics/purchase-history.ts';
import type { Refusal } from '#shared/grading/statistics/refusal.ts';
import { calibrated, cdnowHistories, cdnowPurchases, cdnowSummary, heldOut } from './cdnow.ts';
import { refused } from './refused.ts';

const weekly = { variant: 'bgnbd', unit: 'week' } as const;
const histories = cdnowHistories();

const fitted = (customers: readonly PurchaseHistory[], as: Pick<DropoutParams, 'variant' | 'unit'>) => {
  const fit = fitDropout(customers, as);
  if (!fit.ok) throw new Error(fit.reason.en);
  return fit;
};
const distance = ({ r, alpha, a, b }: DropoutParams, expected: readonly number[]): number =>
  Math.max(...[r, alpha, a, b].map((each, i) => Math.abs(each - (expected[i] ?? Number.NaN))));

describe('fitDropout on CDNOW', () => {
  // BTYD's vignette, CLVTools' test; Fader, Hardie and Lee 2005 print 0.243, 4.414, 0.793, 2.426 and −9582.4
  it('finds the published BG/NBD', () => {
    const { params, logLikelihood, customers, repeats } = fitted(histories, weekly);
    expect(distance(params, [0.2425945, 4.413602, 0.7929219, 2.425906])).toBeLessThan(5e-6);
    expect(distance(params, [0.2425967, 4.413659, 0.7929869, 2.426164])).toBeLessThan(5e-4);
    expect(logLikelihood).toBeCloseTo(-9582.429207, 5);
    expect({ customers, repeats }).toEqual({ customers: 2_357, repeats: 2_457 });
  });

  it('finds that of the summary file with its two decimals', () => {
    const { params, logLikelihood } = fitted(cdnowSummary(), weekly);
    expect(distance(params, [0.2425929, 4.413532, 0.7928862, 2.425754])).toBeLessThan(5e-6);
    expect(logLikelihood).toBeCloseTo(-9582.425561, 5);
  });

  // BTYDplus, quoted in the tests of lifetimes
  it('finds the published MBG/NBD', () => {
    const { params } = fitted(histories, { variant: 'mbgnbd', unit: 'week' });
    expect(distance(params, [0.525, 6.183, 0.891, 1.614])).toBeLessThan(5e-4);
  });

  it('finds the same in days: α in days, all else as it was', () => {
    const days = histories.map(({ repeats, recency, age }) => ({ repeats, recency: recency * 7, age: age * 7 }));
    const [perWeek, perDay] = [fitted(histories, weekly), fitted(days, { variant: 'bgnbd', unit: 'day' })];
    const { r, alpha, a, b } = perWeek.params;
    expect(distance(perDay.params, [r, alpha * 7, a, b])).toBeLessThan(2e-5);
    expect(perDay.logLikelihood).toBeCloseTo(perWeek.logLikelihood - 2_457 * Math.log(7), 5);
  });

  // BTYD's vignette: n, the mean number bought in the 39 weeks held out, and the mean expected, by repeats of the first 39
  it('expects of the hold-out period what is published', () => {
    const { params } = fitted(histories, weekly);
    const bins = Array.from({ length: 8 }, () => ({ n: 0, actual: 0, expected: 0 }));
    for (const purchases of cdnowPurchases().values()) {
      const history = historyOf(purchases, calibrated, 'week');
      const later = historyOf(purchases, heldOut, 'week');
      const bin = bins[Math.min(7, history?.repeats ?? -1)];
      if (history === undefined || later === undefined || bin === undefined) continue;
      bin.n += 1;
      bin.actual += later.repeats - history.repeats;
      bin.expected += expectedPurchases(params, history, 39);
    }
    const mean = (of: 'actual' | 'expected') => bins.map((bin) => bin[of] / bin.n);
    expect(bins.map(({ n }) => n)).toEqual([1_411, 439, 214, 100, 62, 38, 29, 64]);
    for (const [i, each] of [0.2367116, 0.6970387, 1.392523, 1.56, 2.532258, 2.947368, 3.862069, 6.359375].entries())
      expect(mean('actual')[i]).toBeCloseTo(each, 6);
    for (const [i, each] of [
      0.2250893, 0.5231364, 1.044126, 1.520256, 2.163824, 2.653789, 3.503957, 6.157036,
    ].entries())
      expect(Math.abs((mean('expected')[i] ?? 0) / each - 1)).toBeLessThan(1e-4);
    expect(bins.reduce((sum, { expected }) => sum + expected, 0)).toBeCloseTo(1_653.4, 1);
    expect(bins.reduce((sum, { actual }) => sum + actual, 0)).toBe(1_882);
  });
});

describe('fitDropout', () => {
  it.each<[readonly PurchaseHistory[], Refusal['code']]>([
    [histories.slice(0, 199), 'tooFewCustomers'],
    [histories.filter(({ repeats }) => repeats === 0), 'tooFewRepeats'],
    [[...histories, { repeats: 1, recency: 30, age: 20 }], 'unusableHistory'],
    // everybody alike: neither rates nor dropouts can be told apart
    [Array.from({ length: 300 }, () => ({ repeats: 1, recency: 20, age: 39 })), 'notConverged'],
  ])('refuses in both languages (%#)', (customers, code) => {
    const fit = fitDropout(customers, weekly);
    expect(fit).toEqual(refused(code));
  });

  it('does not depend on the order of customers', () => {
    const backwards = fitted(histories.toReversed(), weekly).params;
    const { r, alpha, a, b } = fitted(histories, weekly).params;
    expect(distance(backwards, [r, alpha, a, b])).toBeLessThan(2e-5);
  });

  it('recovers what made the customers', () => {
    // quantiles of a fixed lattice instead of chance: rates 0.05 to 0.5 a week, a tenth leaving at each purchase
    const customers = Array.from({ length: 600 }, (_, i): PurchaseHistory => {
      const rate = 0.05 + (0.45 * (i % 20)) / 19;
      const gap = 1 / rate;
      const stays = Math.floor(Math.log(1 - (Math.floor(i / 20) + 0.5) / 30) / Math.log(0.9));
      const repeats = Math.min(stays + 1, Math.floor(52 / gap));
      return { repeats, recency: repeats * gap, age: 52 };
    });
    const { params } = fitted(customers, weekly);
    expect(params.r / params.alpha).toBeGreaterThan(0.2);
    expect(params.r / params.alpha).toBeLessThan(0.36);
    expect(params.a / (params.a + params.b)).toBeGreaterThan(0.07);
    expect(params.a / (params.a + params.b)).toBeLessThan(0.13);
    expect(aliveProbability(params, { repeats: 10, recency: 20, age: 52 })).toBeLessThan(0.01);
  });
});
