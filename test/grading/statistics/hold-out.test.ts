import { describe, expect, it } from 'vitest';
import { compareHeldOut } from '#shared/grading/statistics/hold-out.ts';

describe('compareHeldOut', () => {
  it('sums up by repeats, from seven on together, without rows that nobody is in', () => {
    const customers = [
      { repeats: 0, expected: 0.5, actual: 1 },
      { repeats: 0, expected: 0.25, actual: 0 },
      { repeats: 7, expected: 3, actual: 2 },
      { repeats: 30, expected: 9, actual: 12 },
    ];
    expect(compareHeldOut(customers)).toEqual({
      customers: 4,
      expected: 12.75,
      actual: 15,
      rows: [
        { repeats: 0, orMore: false, customers: 2, expected: 0.375, actual: 0.5 },
        { repeats: 7, orMore: true, customers: 2, expected: 6, actual: 7 },
      ],
    });
  });

  it('has no rows of nobody', () => {
    expect(compareHeldOut([])).toEqual({ customers: 0, expected: 0, actual: 0, rows: [] });
  });
});
