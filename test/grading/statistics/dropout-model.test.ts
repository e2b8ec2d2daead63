import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collapse, dropoutLogLikelihood } from '#shared/grading/statistics/dropout-likelihood.ts';
import {
  ageBelow,
  aliveProbability,
  expectedPurchases,
  newCustomer,
  repeatProbability,
} from '#shared/grading/statistics/dropout-model.ts';
import type { DropoutParams } from '#shared/grading/statistics/fitted-params.ts';
import { cdnowHistories } from './cdnow.ts';
import { expectedPurchasesReference } from './expected-purchases-reference.ts';

const params = (
  r: number,
  alpha: number,
  a: number,
  b: number,
  variant: DropoutParams['variant'] = 'bgnbd',
): DropoutParams => ({
  variant,
  unit: 'week',
  r,
  alpha,
  a,
  b,
});
const customer = (repeats: number, recency: number, age: number) => ({ repeats, recency, age });

/** Fader, Hardie and Lee 2005, rounded as published. */
const published = params(0.243, 4.414, 0.793, 2.426);
/** The maximum likelihood estimate of BTYD's vignette. */
const btyd = params(0.2425967, 4.413659, 0.7929869, 2.426164);

describe('the likelihood on CDNOW', () => {
  it.each([
    [params(1, 1, 1, 1), -13887.712625],
    [params(0.5, 6, 1.2, 3.3), -9783.444286],
  ])('at %j', (at, value) => expect(dropoutLogLikelihood(at, collapse(cdnowHistories()))).toBeCloseTo(value, 5));

  it('of a single customer', () => {
    expect(dropoutLogLikelihood(published, collapse([customer(3, 4, 6)]))).toBeCloseTo(-7.977381212, 8);
  });

  it('is the sum over customers, equal ones or not', () => {
    const each = [customer(3, 4, 6), customer(0, 0, 5), customer(3, 4, 6), customer(60, 4, 6)];
    const alone = each.map((one) => dropoutLogLikelihood(published, collapse([one])));
    expect(dropoutLogLikelihood(published, collapse(each))).toBeCloseTo(
      alone.reduce((sum, one) => sum + one, 0),
      9,
    );
  });

  it('of MBG/NBD integrates to one over what a customer can do', () => {
    // no repeat by T: the likelihood is the probability itself
    const at = params(0.5, 6, 1.2, 3.3, 'mbgnbd');
    expect(Math.exp(dropoutLogLikelihood(at, collapse([customer(0, 0, 20)])))).toBeCloseTo(
      repeatProbability(at, 0, 20),
      12,
    );
  });
});

describe('aliveProbability and expectedPurchases', () => {
  for (const [variant, r, alpha, a, b, repeats, recency, age, span, alive, expected] of expectedPurchasesReference)
    it(`of ${variant} with r ${r}, α ${alpha}, a ${a}, b ${b}, x ${repeats}, t_x ${recency}, T ${age}, t ${span} agree with long arithmetic`, () => {
      const at = params(r, alpha, a, b, variant);
      expect(Math.abs(aliveProbability(at, customer(repeats, recency, age)) / alive - 1)).toBeLessThan(8e-13);
      expect(Math.abs(expectedPurchases(at, customer(repeats, recency, age), span) / expected - 1)).toBeLessThan(8e-13);
    });

  it.each([
    [0.1429, 0.0078283],
    [1, 0.0532679],
    [3, 0.1508652],
    [31.8571, 1.0419961],
    [32, 1.0452433],
    [39, 1.1967232],
    [52, 1.4460506],
    [78, 1.8605191],
    [104, 2.2028051],
  ])('E[X(%d)] is %d', (span, value) => expect(expectedPurchases(published, newCustomer, span)).toBeCloseTo(value, 7));

  // Hardie's spreadsheet as quoted in the tests of lifetimes; 52 from BTYD's vignette
  it.each([
    [0.1429, 0.0078, 4],
    [1, 0.0532, 4],
    [3, 0.1506, 4],
    [31.8571, 1.0405, 4],
    [32, 1.0437, 4],
    [52, 1.444004, 4],
    [78, 1.8576, 3], // four digits are printed, three agree: 1.8579 here
  ])('E[X(%d)] is %d as published, at the estimate', (span, value, digits) =>
    expect(expectedPurchases(btyd, newCustomer, span)).toBeCloseTo(value, digits),
  );

  it.each([
    [customer(2, 30.43, 38.86), 39, 1.22602817],
    [customer(26, 30.86, 31), 52, 25.758196],
    [customer(10, 35, 39), 2, 0.3915692071],
    [customer(300, 38.9, 39), 52, 255.85857469],
  ])('E[Y] of %j over %d weeks is %d', (history, span, value) =>
    expect(Math.abs(expectedPurchases(published, history, span) / value - 1)).toBeLessThan(1e-7),
  );

  // BTYD's vignette: the paradox of increasing frequency
  it.each([
    [10, 0.3474606],
    [15, 0.04283391],
    [20, 0.004158973],
    [25, 0.0003583685],
  ])('E[Y(52)] of %d repeats, the last at 20 of 39 weeks, is %d', (repeats, value) =>
    expect(Math.abs(expectedPurchases(btyd, customer(repeats, 20, 39), 52) / value - 1)).toBeLessThan(2e-4),
  );

  it('agrees with BTYD on its customer of 26 repeats', () => {
    expect(expectedPurchases(btyd, customer(26, 30.857, 31), 52)).toBeCloseTo(25.75659, 3);
    expect(aliveProbability(btyd, customer(26, 30.857, 31))).toBeCloseTo(0.9688523, 5);
  });

  it.each([
    [customer(26, 30.86, 31), 0.968916, 6],
    [customer(10, 35, 39), 0.8426031886, 10],
    [customer(23, 39, 39), 24.426 / 25.219, 14],
    [customer(300, 38.9, 39), 0.9947698832, 10],
    [customer(1_000, 10, 100), 0, 300],
  ])('P(alive) of %j is %d', (history, value, digits) =>
    expect(aliveProbability(published, history)).toBeCloseTo(value, digits),
  );

  it('P(alive) without a repeat is 1 in BG/NBD and falls in MBG/NBD', () => {
    expect(aliveProbability(published, customer(0, 0, 500))).toBe(1);
    expect(aliveProbability(params(0.525, 6.183, 0.891, 1.614, 'mbgnbd'), customer(0, 0, 500))).toBeLessThan(0.2);
  });

  it('expects more of more time, and no more than a customer who never leaves would buy', () => {
    const positive = fc.double({ min: 0.05, max: 8, noNaN: true });
    const variant = fc.constantFrom('bgnbd' as const, 'mbgnbd' as const);
    const span = fc.double({ min: 0.01, max: 200, noNaN: true });
    fc.assert(
      fc.property(
        variant,
        positive,
        positive,
        positive,
        positive,
        fc.nat(40),
        span,
        span,
        (v, r, alpha, a, b, repeats, t, more) => {
          const at = params(r, alpha, a, b, v);
          const history = customer(repeats, repeats === 0 ? 0 : 12, 20);
          const [sooner, later] = [expectedPurchases(at, history, t), expectedPurchases(at, history, t + more)];
          expect(sooner).toBeGreaterThanOrEqual(0);
          expect(later).toBeGreaterThanOrEqual(sooner * (1 - 1e-12));
          expect(later).toBeLessThanOrEqual((((r + repeats) * (t + more)) / (alpha + 20)) * (1 + 1e-9));
        },
      ),
    );
  });
});

describe('ageBelow', () => {
  it.each([
    [2, 30.43, 0.5, 62.4913],
    [26, 30.86, 0.5, 35.9593],
    [10, 35, 0.5, 46.7264],
    [1, 1.71, 0.2, 41.514],
  ])('%d repeats, the last at %d: below %d from %d weeks', (repeats, recency, threshold, age) =>
    expect(ageBelow(published, customer(repeats, recency, recency), threshold)).toBeCloseTo(age, 4),
  );

  it('is where P(alive) equals the threshold, in both models', () => {
    const history = fc.record({
      repeats: fc.integer({ min: 1, max: 200 }),
      recency: fc.double({ min: 0.1, max: 60, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.constantFrom('bgnbd' as const, 'mbgnbd' as const),
        history,
        fc.double({ min: 0.01, max: 0.7, noNaN: true }),
        (variant, { repeats, recency }, threshold) => {
          const at = params(0.243, 4.414, 0.793, 2.426, variant);
          const age = ageBelow(at, customer(repeats, recency, recency), threshold) ?? Number.NaN;
          if (age > recency) expect(aliveProbability(at, customer(repeats, recency, age))).toBeCloseTo(threshold, 9);
          else expect(aliveProbability(at, customer(repeats, recency, age))).toBeLessThanOrEqual(threshold);
        },
      ),
    );
  });

  it('is not before the last purchase, whose day already gives a chance to leave', () => {
    expect(aliveProbability(published, customer(1, 20, 20))).toBeLessThan(0.9);
    expect(ageBelow(published, customer(1, 20, 20), 0.9)).toBe(20);
  });

  it('never comes without a repeat in BG/NBD, and comes in MBG/NBD', () => {
    expect(ageBelow(published, newCustomer, 0.5)).toBeUndefined();
    const batislam = params(0.525, 6.183, 0.891, 1.614, 'mbgnbd');
    const age = ageBelow(batislam, newCustomer, 0.5) ?? 0;
    expect(aliveProbability(batislam, customer(0, 0, age))).toBeCloseTo(0.5, 12);
  });
});

describe('repeatProbability', () => {
  it('agrees with BTYD', () => {
    expect(repeatProbability(published, 10, 2) / 1.07869e-7).toBeCloseTo(1, 5);
    expect(repeatProbability(published, 0, 39)).toBeCloseTo(0.5737864, 7);
  });

  it.each(['bgnbd', 'mbgnbd'] as const)('sums to one, and its mean is E[X(t)], in %s', (variant) => {
    const at = params(0.7, 6, 1.3, 2.4, variant);
    const each = Array.from({ length: 400 }, (_, repeats) => repeatProbability(at, repeats, 30));
    expect(each.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
    const mean = each.reduce((sum, one, repeats) => sum + one * repeats, 0);
    expect(mean).toBeCloseTo(expectedPurchases(at, newCustomer, 30), 9);
  });
});
