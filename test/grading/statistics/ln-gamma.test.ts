import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lnGamma, lnRising } from '#shared/grading/statistics/ln-gamma.ts';

/** x and ln Γ(x) in 40-digit arithmetic. */
const reference: readonly (readonly [x: number, value: number])[] = [
  [1e-8, 18.420680738180208884],
  [0.001, 6.9071788853838536617],
  [0.1, 2.252712651734205902],
  [0.2425945, 1.3198094463562368543],
  [0.5, 0.57236494292470008707],
  [0.99, 0.0058548067647097814532],
  [0.999999, 5.7721648738556523794e-7],
  [1.000001, -5.7721484238741466506e-7],
  [1.3, -0.10817480950786047846],
  [1.4616321449683623, -0.1214862905358496081],
  [1.5, -0.12078223763524522235],
  [1.999, -0.00042246180069210728418],
  [2.0001, 0.000042281658112919946317],
  [2.4999, 0.28461255726068263571],
  [2.5, 0.28468287047291915963],
  [3.7, 1.4280723266653881292],
  [6.25, 5.2196039869902293146],
  [9.99, 12.77931521435019336],
  [10, 12.801827480081469611],
  [11.5, 16.29200047656724132],
  [57.3, 173.56386827969141894],
  [1_000.5, 5908.6741758486774887],
  [123_456.789, 1323902.0187950631743],
  [1e9, 19723265827.503716771],
];

describe('lnGamma', () => {
  it.each(reference)('of %d is right to 1e-14 of its size', (x, value) => {
    expect(Math.abs(lnGamma(x) / value - 1)).toBeLessThan(1e-14);
  });

  it('is 0 at 1 and 2, and no number where there is none', () => {
    expect([lnGamma(1), lnGamma(2)]).toEqual([0, 0]);
    expect([lnGamma(0), lnGamma(-0.5), lnGamma(Number.NaN)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('grows by ln x from x to x + 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (x) => {
        const size = 1 + Math.abs(lnGamma(x + 1));
        expect(Math.abs(lnGamma(x + 1) - lnGamma(x) - Math.log(x)) / size).toBeLessThan(4e-14);
      }),
    );
  });
});

describe('lnRising', () => {
  it('multiplies out a few factors and subtracts gammas for many, to the same', () => {
    const multiplied = (count: number): number =>
      Array.from({ length: count }, (_, j) => Math.log(0.2426 + j)).reduce((a, b) => a + b, 0);
    for (const count of [0, 1, 2, 50, 51, 52, 300])
      expect(Math.abs(lnRising(0.2426, count) - multiplied(count))).toBeLessThan(
        1e-12 * (1 + Math.abs(multiplied(count))),
      );
  });

  it('keeps its digits for starts of any size', () => {
    expect(lnRising(1e-12, 2)).toBeCloseTo(Math.log(1e-12), 11);
    expect(lnRising(1e9, 1)).toBeCloseTo(Math.log(1e9), 12);
  });
});
