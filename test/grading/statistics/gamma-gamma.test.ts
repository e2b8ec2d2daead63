import { describe, expect, it } from 'vitest';
import { aliveProbability, expectedPurchases } from '#shared/grading/statistics/dropout-model.ts';
import { fitGammaGamma } from '#shared/grading/statistics/fit-gamma-gamma.ts';
import { expectedSpend } from '#shared/grading/statistics/gamma-gamma.ts';
import { lifetimeValue } from '#shared/grading/statistics/lifetime-value.ts';
import type { RepeatSpend } from '#shared/grading/statistics/purchase-history.ts';
import type { Refusal } from '#shared/grading/statistics/refusal.ts';
import { cdnowHistories } from './cdnow.ts';
import { refused } from './refused.ts';

const histories = cdnowHistories();
const fitted = (customers: readonly RepeatSpend[]) => {
  const fit = fitGammaGamma(customers);
  if (!fit.ok) throw new Error(fit.reason.en);
  return fit;
};

/** As printed: Fader, Hardie and Lee 2005 and Fader and Hardie 2013. */
const purchases = { variant: 'bgnbd', unit: 'week', r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 } as const;
const spend = { p: 6.25, q: 3.74, gamma: 15.44 };

describe('fitGammaGamma on CDNOW', () => {
  // brucehardie.com/notes/025 and CLVTools' test
  it('finds the published parameters', () => {
    const { params, logLikelihood, customers, correlation } = fitted(histories);
    expect(params.p).toBeCloseTo(6.249574, 4);
    expect(params.q).toBeCloseTo(3.744225, 4);
    expect(params.gamma).toBeCloseTo(15.443518, 3);
    expect(logLikelihood).toBeCloseTo(-4055.917695, 5);
    expect(customers).toBe(946);
    expect(correlation).toBeCloseTo(0.114, 3);
    expect((params.p * params.gamma) / (params.q - 1)).toBeCloseTo(35.170372, 4);
  });

  it('sees no correlation to speak of without the most frequent customers', () => {
    expect(fitted(histories.filter(({ repeats }) => repeats < 20)).correlation).toBeCloseTo(0.066, 3);
  });

  it('gives the first ten customers what Hardie’s spreadsheet gives them', () => {
    const { params } = fitted(histories);
    const published = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17];
    const means = histories.slice(0, 10).map((history) => expectedSpend(params, history) ?? 0);
    for (const [i, mean] of means.entries()) expect(Math.abs(mean - (published[i] ?? 0))).toBeLessThanOrEqual(0.0051);
  });

  it('finds the same in cents', () => {
    const cents = histories.map(({ repeats, meanSpend }) => ({ repeats, meanSpend: meanSpend && meanSpend * 100 }));
    const [dollars, fine] = [fitted(histories), fitted(cents)];
    expect(fine.params.p / dollars.params.p).toBeCloseTo(1, 5);
    expect(fine.params.gamma / dollars.params.gamma).toBeCloseTo(100, 3);
    expect(fine.logLikelihood).toBeCloseTo(dollars.logLikelihood - 946 * Math.log(100), 5);
  });
});

describe('fitGammaGamma', () => {
  const customers = (count: number, of: (i: number) => RepeatSpend) => Array.from({ length: count }, (_, i) => of(i));
  it.each<[Refusal['code'], readonly RepeatSpend[]]>([
    ['tooFewCustomers', customers(99, (i) => ({ repeats: 1 + (i % 3), meanSpend: 10 + i }))],
    // refunds and unknown amounts are no spend
    [
      'tooFewCustomers',
      customers(300, (i) => ({ repeats: 2, meanSpend: i < 99 ? 20 + i : i % 2 === 0 ? -5 : undefined })),
    ],
    [
      'spendFollowsFrequency',
      customers(300, (i) => ({ repeats: 1 + (i % 10), meanSpend: 50 + 10 * (i % 10) + (i % 7) })),
    ],
    ['notConverged', customers(300, (i) => ({ repeats: 1 + (i % 4), meanSpend: 20 }))],
    // quantiles of a tail so long that its mean is infinite: p = 1, q = 0.8
    ['spendNotSettled', customers(600, (i) => ({ repeats: 1, meanSpend: 20 * ((1 - (i + 0.5) / 600) ** -1.25 - 1) }))],
  ])('refuses %s', (code, each) => {
    expect(fitGammaGamma(each)).toEqual(refused(code));
  });
});

describe('expectedSpend', () => {
  it('lies between the own mean and everybody’s, nearer to the own the more was bought', () => {
    expect(expectedSpend(spend, { repeats: 2, meanSpend: 40 })).toBeCloseTo(39.1404, 4);
    expect(expectedSpend(spend, { repeats: 3, meanSpend: 35 })).toBeCloseTo(35.0279, 4);
    expect(expectedSpend(spend, { repeats: 7, meanSpend: 73.742857 })).toBeCloseTo(71.47, 1);
  });

  it('is everybody’s without a repeat, and unknown where the amounts are', () => {
    expect(expectedSpend(spend, { repeats: 0, meanSpend: undefined })).toBeCloseTo(35.219, 4);
    expect(expectedSpend(spend, { repeats: 2, meanSpend: undefined })).toBeUndefined();
    expect(expectedSpend(spend, { repeats: 2, meanSpend: -3 })).toBeUndefined();
  });
});

describe('lifetimeValue', () => {
  const params = { purchases, spend, months: 12, discountPerMonth: 0.01, margin: 1 };

  // customers of the CDNOW sample: P(alive), E[Y(39)], E[spend] and the value of 12 months, at the printed parameters
  it.each([
    [1, 0.72659, 1.226116, 24.6596, 36.2873],
    [2, 0.21226, 0.203351, 18.9169, 4.6412],
    [3, 1, 0.19511, 35.219, 8.3699],
    [6, 0.641796, 3.337439, 71.471, 283.5825],
    [9, 0.784856, 1.32444, 27.2884, undefined],
  ])('of customer %d', (id, alive, expected, mean, value) => {
    const history = histories[id - 1] ?? { repeats: Number.NaN, recency: 0, age: 0, meanSpend: 0 };
    expect(aliveProbability(purchases, history)).toBeCloseTo(alive, 6);
    expect(expectedPurchases(purchases, history, 39)).toBeCloseTo(expected, 6);
    expect(expectedSpend(spend, history)).toBeCloseTo(mean, 4);
    if (value !== undefined) expect(lifetimeValue(params, history)).toBeCloseTo(value, 4);
  });

  it('is the margin’s share of the undiscounted spend when waiting costs nothing', () => {
    const history = histories[5] ?? { repeats: Number.NaN, recency: 0, age: 0, meanSpend: 0 };
    const whole = expectedPurchases(purchases, history, 365 / 7) * (expectedSpend(spend, history) ?? 0);
    expect(lifetimeValue({ ...params, discountPerMonth: 0, margin: 0.25 }, history)).toBeCloseTo(whole / 4, 9);
  });

  it('is the same in days', () => {
    const [week] = histories;
    if (week === undefined) throw new Error('no customers');
    const day = { ...week, recency: week.recency * 7, age: week.age * 7 };
    const daily = { ...params, purchases: { ...purchases, unit: 'day', alpha: purchases.alpha * 7 } as const };
    expect(lifetimeValue(daily, day)).toBeCloseTo(lifetimeValue(params, week) ?? Number.NaN, 9);
  });

  it('is unknown where the spend is', () => {
    expect(lifetimeValue(params, { repeats: 1, recency: 3, age: 9, meanSpend: undefined })).toBeUndefined();
  });
});
