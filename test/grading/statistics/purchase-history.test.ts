import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf } from '#shared/grading/exact-sum.ts';
import { historyOf, isPossible, type Purchase } from '#shared/grading/statistics/purchase-history.ts';
import { calibrated, cdnowHistories, cdnowPurchases, cdnowSummary, heldOut } from './cdnow.ts';

const bought = (day: number, amount: number): Purchase => ({ day, amount: decimalOf(amount) });

describe('historyOf', () => {
  it('counts a day once, leaves the first out of repeats and mean, and measures in weeks of seven days', () => {
    const purchases = [
      bought(17, 20),
      bought(10, 99.99),
      bought(17, 0.1),
      bought(17, 0.2),
      bought(31, 4.1),
      bought(10, 5),
    ];
    expect(historyOf(purchases, 38, 'week')).toEqual({ repeats: 2, recency: 3, age: 4, meanSpend: 12.2 });
    expect(historyOf(purchases, 38, 'day')).toEqual({ repeats: 2, recency: 21, age: 28, meanSpend: 12.2 });
  });

  it('does not look beyond the day', () => {
    const purchases = [bought(10, 1), bought(17, 2), bought(18, 100)];
    expect(historyOf(purchases, 17, 'day')).toEqual({ repeats: 1, recency: 7, age: 7, meanSpend: 2 });
    expect(historyOf(purchases, 9, 'day')).toBeUndefined();
  });

  it('has no mean without a repeat, nor with an amount unknown', () => {
    expect(historyOf([bought(10, 5), bought(10, 7)], 20, 'day')).toMatchObject({ repeats: 0, meanSpend: undefined });
    expect(historyOf([bought(10, 5), { day: 11 }, bought(12, 7)], 20, 'day')).toMatchObject({
      repeats: 2,
      meanSpend: undefined,
    });
  });

  it('is always a possible history, whatever the order', () => {
    const purchase = fc.record({ day: fc.integer({ min: 0, max: 400 }) });
    fc.assert(
      fc.property(fc.array(purchase, { minLength: 1 }), fc.integer({ min: 0, max: 500 }), (purchases, asOf) => {
        const history = historyOf(purchases, asOf, 'week');
        expect(history === undefined || isPossible(history)).toBe(true);
        expect(historyOf(purchases.toReversed(), asOf, 'week')).toEqual(history);
      }),
    );
  });

  // CLVTools documents 6,696 customer-days of the sample's 6,919 rows; the other figures are of Fader, Hardie and Lee 2005
  it('finds the published facts of CDNOW', () => {
    const histories = cdnowHistories();
    expect(histories).toHaveLength(2_357);
    expect(histories.filter(({ repeats }) => repeats > 0)).toHaveLength(946);
    expect(histories.reduce((sum, { repeats }) => sum + repeats, 0)).toBe(2_457);
    const whole = [...cdnowPurchases().values()];
    const days = whole.map((purchases) => (historyOf(purchases, heldOut, 'week')?.repeats ?? -1) + 1);
    expect(whole.flat()).toHaveLength(6_919);
    expect(days.reduce((sum, each) => sum + each, 0)).toBe(6_696);
    expect(days.reduce((sum, each) => sum + each, 0) - 2_357 - 2_457).toBe(1_882);
    expect(heldOut - calibrated).toBe(39 * 7);
  });

  it('agrees with the summary file of the package lifetimes, row by row', () => {
    const summary = cdnowSummary();
    for (const [i, { repeats, recency, age, meanSpend }] of cdnowHistories().entries()) {
      expect(summary[i]?.repeats).toBe(repeats);
      expect(Math.abs((summary[i]?.recency ?? 0) - recency)).toBeLessThan(0.0051);
      expect(Math.abs((summary[i]?.age ?? 0) - age)).toBeLessThan(0.0051);
      expect(Math.abs((summary[i]?.meanSpend ?? 0) - (meanSpend ?? 0))).toBeLessThan(0.0051);
    }
  });
});

describe('isPossible', () => {
  it.each([
    { repeats: 1.5, recency: 1, age: 2 },
    { repeats: -1, recency: 0, age: 2 },
    { repeats: 1, recency: 3, age: 2 },
    { repeats: 1, recency: 0, age: 2 },
    { repeats: 0, recency: 1, age: 2 },
    { repeats: 0, recency: 0, age: Number.NaN },
    { repeats: 0, recency: 0, age: Number.POSITIVE_INFINITY },
  ])('refuses %j', (history) => expect(isPossible(history)).toBe(false));
});
