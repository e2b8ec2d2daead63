import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundToSum, valueFormat } from '../../infra/cli/format-values.ts';

describe('roundToSum', () => {
  it('gives the hundredths that are left to those that lost most', () => {
    expect(roundToSum([33.335, 33.335, 33.33])).toEqual({ values: [33.34, 33.33, 33.33], total: 100 });
    expect(roundToSum([-0.004, 0.004])).toEqual({ values: [0, 0], total: 0 });
    expect(roundToSum([])).toEqual({ values: [], total: 0 });
  });

  it('adds up exactly and moves no value by a hundredth or more', () => {
    const points = fc.integer({ min: -100_000_000, max: 100_000_000 }).map((millionths) => millionths / 1e6);
    fc.assert(
      fc.property(fc.array(points, { maxLength: 25 }), (values) => {
        const rounded = roundToSum(values);
        const hundredths = rounded.values.reduce((sum, value) => sum + Math.round(value * 100), 0);
        expect(hundredths).toBe(Math.round(rounded.total * 100));
        for (const [index, value] of values.entries())
          expect(Math.abs((rounded.values[index] ?? NaN) - value)).toBeLessThan(0.010_001);
      }),
    );
  });
});

describe('valueFormat', () => {
  it('shows instants by the clock of the zone, the same in both languages', () => {
    const at = Date.UTC(2026, 0, 31, 17, 5, 9);
    for (const language of ['en', 'zh'] as const)
      expect(valueFormat(language, 'Asia/Shanghai').instant(at)).toBe('2026-02-01 01:05:09');
  });

  it('names the absence of a grade', () => {
    expect(valueFormat('en', 'UTC').grade(null)).toBe('not graded');
    expect(valueFormat('zh', 'UTC').grade(null)).toBe('未分级');
    expect(valueFormat('zh', 'UTC').grade('A')).toBe('A');
  });
});
