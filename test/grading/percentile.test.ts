import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareBelow } from '#shared/grading/percentile.ts';
import { compileScale, isMonotone } from '#shared/grading/scale.ts';

describe('a percentile', () => {
  it.each([
    [-1, 0],
    [0, 0],
    [1, 0.125],
    [2, 0.25],
    [4, 0.5],
    [6, 0.75],
    [10, 0.875],
    [14, 1],
    [99, 1],
  ])('puts %d at %d between quantiles', (value, share) => {
    expect(shareBelow([0, 2, 4, 6, 14], value)).toBe(share);
  });

  it('gives nothing for what half of all customers have', () => {
    expect([0, 1, 5].map((value) => shareBelow([0, 0, 0, 1, 5], value))).toEqual([0, 0.75, 1]);
    expect(shareBelow([3, 3], 3)).toBe(0);
  });

  it('never falls while the value grows, and stays within 0 and 1', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 12 }),
        fc.double({ min: -60, max: 60, noNaN: true }),
        fc.double({ min: -60, max: 60, noNaN: true }),
        (values, a, b) => {
          const quantiles = [...values].sort((one, other) => one - other);
          const [low, high] = [shareBelow(quantiles, Math.min(a, b)), shareBelow(quantiles, Math.max(a, b))];
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeGreaterThanOrEqual(low);
          expect(high).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('is a scale that knows nothing of the unknown', () => {
    const scale = compileScale({ percentile: true }, [0, 10]);
    expect([scale(5, undefined), scale(Number.NaN, undefined)]).toEqual([0.5, Number.NaN]);
    expect(compileScale({ percentile: true })(5, undefined)).toBeNaN();
    expect(isMonotone({ percentile: true })).toBe(true);
  });
});
