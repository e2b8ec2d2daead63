import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInvoices } from '#infra/demo/read-invoices.ts';
import { type AbcRule, abcClasses } from '#shared/grading/statistics/abc-curve.ts';

const column = (text: string): number[] =>
  text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => Number(line.split(',')[1]));
const fixture = (file: string): Buffer => readFileSync(new URL(`../../fixtures/abc/${file}`, import.meta.url));

/** Thousandths of a pound by customer: a few invoices carry a third decimal. */
const retail = (counts: (amount: number) => boolean): number[] => {
  const totals = new Map<string, number>();
  for (const { customer, amount } of readInvoices())
    if (customer !== undefined && counts(Number(amount)))
      totals.set(customer, (totals.get(customer) ?? 0) + Math.round(Number(amount) * 1_000));
  return [...totals.values()];
};

const cdnow = column(gunzipSync(fixture('cdnow-totals.csv.gz')).toString('utf8'));
const byRank: AbcRule = { by: 'rank', upTo: [2_000, 5_000] };
const byShare: AbcRule = { by: 'share', upTo: [2_000, 5_000], boundary: 'start' };

describe('abcClasses at 20 % and 50 %', () => {
  // in the first, by sales: 225 and 4,131 where refunds are taken off the whole before it is cut
  it.each([
    ['UCI Online Retail, net', retail(() => true), [875, 1_311, 2_186], [73.85, 18.3, 7.86], [16, 226, 4_130]],
    [
      'UCI Online Retail, sales alone',
      retail((amount) => amount > 0),
      [868, 1_301, 2_169],
      [74.62, 17.55, 7.83],
      [14, 198, 4_126],
    ],
    ['CDNOW', cdnow, [4_714, 7_071, 11_785], [67.78, 21.81, 10.41], [362, 1_900, 21_308]],
    [
      'Maven',
      column(fixture('maven-won-by-account.csv').toString('utf8')),
      [17, 26, 42],
      [31.69, 32.96, 35.35],
      [10, 21, 54],
    ],
  ])('of %s', (_, values, customers, shares, ofSales) => {
    const ranked = abcClasses(values, byRank);
    expect(ranked.map((each) => each.customers)).toEqual(customers);
    // the figures are shares of the net total; refunds make it smaller than what is above zero, and C the rest
    const net = values.reduce((sum, value) => sum + value, 0);
    const perNet = values.reduce((sum, value) => sum + Math.max(0, value), 0) / net;
    const [a = 0, b = 0] = ranked.map(({ share }) => share * perNet);
    expect([a, b, 1 - a - b].map((share) => Math.round(share * 10_000) / 100)).toEqual(shares);
    expect(abcClasses(values, byShare).map((each) => each.customers)).toEqual(ofSales);
  });

  it('meets the tie that CDNOW has at the cut between A and B', () => {
    const sorted = cdnow.toSorted((a, b) => b - a);
    expect([sorted[4_713], sorted[4_714]]).toEqual([13_395, 13_395]);
    expect(cdnow.filter((cents) => cents === 1_177)).toHaveLength(697);
  });
});

describe('abcClasses', () => {
  // Not reproduced: the example data of the R package matman, which is under the GPL.
  // the example of the Python package abc-classification; its summary, which its own table of items contradicts
  const example = [27_000, 24_000, 18_000, 16_000, 6_000, 5_000, 4_000];
  it('puts who straddles a cut below it by `end`, above it by `start`', () => {
    const sums = (boundary: 'start' | 'end') =>
      abcClasses(example, { by: 'share', upTo: [7_000, 9_000], boundary }).map(({ share }) =>
        Math.round(share * 100_000),
      );
    expect(sums('end')).toEqual([69_000, 16_000, 15_000]);
    expect(sums('start')).toEqual([85_000, 6_000, 9_000]);
  });

  it('leaves A empty beside one dominant customer by `end`, never by `start`', () => {
    const dominant = [900, 60, 40];
    const sizes = (boundary: 'start' | 'end') =>
      abcClasses(dominant, { by: 'share', upTo: [8_000, 9_500], boundary }).map(({ customers }) => customers);
    expect(sizes('end')).toEqual([0, 1, 2]);
    expect(sizes('start')).toEqual([1, 1, 1]);
  });

  it('ends A where the cut is met exactly', () => {
    for (const boundary of ['start', 'end'] as const)
      expect(abcClasses([30, 50, 20], { by: 'share', upTo: [5_000], boundary })).toEqual([
        { customers: 1, share: 0.5 },
        { customers: 2, share: 0.5 },
      ]);
  });

  it('takes 7 % of a hundred to be seven', () => {
    expect(
      abcClasses(
        Array.from({ length: 100 }, () => 1),
        { by: 'rank', upTo: [700] },
      ),
    ).toEqual([
      { customers: 7, share: 0.07 },
      { customers: 93, share: 0.93 },
    ]);
  });

  it('shares everybody and everything out, and ranks nobody above a larger one', () => {
    const rule = fc.oneof(
      fc.constant(byRank),
      fc
        .constantFrom('start' as const, 'end' as const)
        .map((boundary): AbcRule => ({ by: 'share', upTo: [2_000, 5_000, 9_500], boundary })),
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 5_000 }), { minLength: 1 }), rule, (values, by) => {
        const classes = abcClasses(values, by);
        expect(classes.reduce((sum, { customers }) => sum + customers, 0)).toBe(values.length);
        const positive = values.some((value) => value > 0);
        expect(classes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(positive ? 1 : 0, 9);
        const means = classes.filter(({ customers }) => customers > 0).map(({ customers, share }) => share / customers);
        for (const [i, mean] of means.entries()) expect(mean).toBeGreaterThanOrEqual((means[i + 1] ?? 0) - 1e-12);
      }),
    );
  });
});
