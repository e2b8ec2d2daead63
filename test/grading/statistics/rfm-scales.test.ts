import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileScale } from '#shared/grading/scale.ts';
import { type RfmCuts, rfmCuts, rfmScores } from '#shared/grading/statistics/rfm.ts';
import { rfmScales } from '#shared/grading/statistics/rfm-scales.ts';

/** Quantiles carry the noise of doubles: a value on a cut would fall by it. */
const rounded = ({ onCut, ...cuts }: RfmCuts): RfmCuts => {
  const each = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 1e6) / 1e6);
  return { onCut, recencyDays: each(cuts.recencyDays), frequency: each(cuts.frequency), monetary: each(cuts.monetary) };
};

describe('rfmScales', () => {
  it('gives a fifth of the weight for each point of a score, to every customer that the cuts were made from', () => {
    const values = fc.record({
      recencyDays: fc.nat(400),
      frequency: fc.nat(12),
      monetary: fc.integer({ min: -500, max: 100_000 }).map((cents) => cents / 100),
    });
    const rule = fc.constantFrom('plusOne' as const, 'exact' as const);
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 60 }), rule, (customers, by) => {
        const cuts = rounded(rfmCuts(customers, by));
        const scales = rfmScales(cuts, customers);
        const share = (kind: keyof typeof scales, value: number): number =>
          compileScale(scales[kind])(value, undefined);
        for (const customer of customers) {
          const { recency, frequency, monetary } = rfmScores(customer, cuts);
          expect(share('recencyDays', customer.recencyDays)).toBeCloseTo(recency / 5, 6);
          expect(share('frequency', customer.frequency)).toBeCloseTo(frequency / 5, 6);
          expect(share('monetary', customer.monetary)).toBeCloseTo(monetary / 5, 6);
        }
      }),
    );
  });

  it('leaves out bins that nobody can be in', () => {
    const customers = Array.from({ length: 10 }, (_, i) => ({
      recencyDays: 5,
      frequency: i < 7 ? 1 : 3,
      monetary: 10 + i,
    }));
    expect(rfmScales(rfmCuts(customers, 'plusOne'), customers)).toMatchObject({
      recencyDays: { bandsBelow: [[6, 1]], else: 0.2 },
      frequency: {
        bands: [
          [4, 1],
          [2, 0.8],
        ],
        else: 0.2,
      },
    });
  });
});
