import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInvoices } from '#infra/demo/read-invoices.ts';
import { calendarOf } from '#shared/grading/calendar.ts';
import { createExactSum, decimalOf } from '#shared/grading/exact-sum.ts';
import { quantile } from '#shared/grading/statistics/quantile.ts';
import {
  type RfmCuts,
  type RfmScores,
  type RfmValues,
  rfmCode,
  rfmCuts,
  rfmScores,
} from '#shared/grading/statistics/rfm.ts';
import { otherCustomers, segmentOf } from '#shared/grading/statistics/rfm-segments.ts';
import { documentedSegments, testedSegments } from './rfm-definitions.ts';

type Named = RfmValues & { readonly name: string };

/** `rfm_data_orders` of the R package rfm on its analysis date: rows are orders, revenue is in whole units. */
const orders = (): Named[] => {
  const file = new URL('../../fixtures/rfm/rfm_data_orders.csv.gz', import.meta.url);
  const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
  const customers = new Map<string, Named>();
  for (const line of gunzipSync(readFileSync(file)).toString('utf8').trim().split(/\r?\n/).slice(1)) {
    const [name = '', date = '', revenue = ''] = line.split(',');
    const known = customers.get(name) ?? { name, recencyDays: Number.POSITIVE_INFINITY, frequency: 0, monetary: 0 };
    customers.set(name, {
      name,
      recencyDays: Math.min(known.recencyDays, dayOf('2006-12-31') - dayOf(date)),
      frequency: known.frequency + 1,
      monetary: known.monetary + Number(revenue),
    });
  }
  return [...customers.values()];
};

/** UCI Online Retail by its usual cleaning, on 2011-12-10 by London's days. */
const retail = (): RfmValues[] => {
  const { dayOf } = calendarOf('Europe/London');
  const today = dayOf(Date.parse('2011-12-10T12:00:00Z'));
  const customers = new Map<string, { last: number; frequency: number; sum: ReturnType<typeof createExactSum> }>();
  for (const { customer, at, amount } of readInvoices()) {
    if (customer === undefined || Number(amount) <= 0) continue;
    const known = customers.get(customer) ?? { last: 0, frequency: 0, sum: createExactSum() };
    const { units, scale } = decimalOf(Number(amount));
    known.sum.add(units, scale);
    customers.set(customer, { ...known, last: Math.max(known.last, dayOf(at)), frequency: known.frequency + 1 });
  }
  return [...customers.values()].map(({ last, frequency, sum }) => ({
    recencyDays: today - last,
    frequency,
    monetary: sum.read(),
  }));
};

const cell = ({ recency, frequency, monetary }: RfmScores): string => `${recency}${frequency}${monetary}`;
const counts = (customers: readonly RfmValues[], cuts: RfmCuts, of: keyof RfmScores): number[] =>
  [1, 2, 3, 4, 5].map((score) => customers.filter((customer) => rfmScores(customer, cuts)[of] === score).length);
const rounded = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 1e6) / 1e6);

describe('the orders of the R package rfm', () => {
  const customers = orders();
  const cuts = rfmCuts(customers, 'plusOne');

  it('are read whole', () => {
    expect(customers).toHaveLength(995);
    expect(customers.reduce((sum, { frequency }) => sum + frequency, 0)).toBe(4_906);
    expect(customers.reduce((sum, { monetary }) => sum + monetary, 0)).toBe(464_158);
  });

  it('are cut where the package cuts', () => {
    expect(rounded(cuts.recencyDays)).toEqual([115, 181, 297.4, 482]);
    expect(rounded(cuts.frequency)).toEqual([4, 5, 6, 8]);
    expect(rounded(cuts.monetary)).toEqual([255.8, 382, 506.4, 666]);
  });

  it('have as many customers at each score', () => {
    expect(counts(customers, cuts, 'recency')).toEqual([197, 200, 199, 199, 200]);
    expect(counts(customers, cuts, 'frequency')).toEqual([268, 187, 176, 244, 120]);
    expect(counts(customers, cuts, 'monetary')).toEqual([200, 200, 198, 202, 195]);
  });

  it.each([
    ["Abbey O'Reilly", 205, 6, 472, 343],
    ['Add Senger', 140, 3, 340, 412],
    ['Aden Lesch', 194, 4, 405, 323],
    ['Aden Murphy', 98, 7, 596, 544],
    ['Admiral Senger', 132, 5, 448, 433],
    ["Agness O'Keefe", 90, 9, 843, 555],
    ['Aileen Barton', 84, 9, 763, 555],
    ['Ailene Hermann', 281, 8, 699, 355],
    ['Aiyanna Bruen', 246, 4, 157, 321],
    ['Akeelah Walsh', 160, 7, 779, 445],
  ])('give %s %d days, %d orders, %d of revenue: %d', (name, recencyDays, frequency, monetary, code) => {
    const customer = customers.find((each) => each.name === name);
    expect(customer).toEqual({ name, recencyDays, frequency, monetary });
    expect(customer && rfmCode(rfmScores(customer, cuts))).toBe(code);
  });

  // the segments of the package's documentation, 0.3.0
  it.each([
    ['About To Sleep', 102, 283, 23_449, 82.86],
    ['At Risk', 28, 216, 22_227, 102.9],
    ["Can't Lose Them", 47, 274, 32_446, 118.42],
    ['Champions', 35, 316, 31_646, 100.15],
    ['Lost', 148, 393, 35_324, 89.88],
    ['Loyal Customers', 170, 799, 76_562, 95.82],
    ['Need Attention', 10, 57, 4_562, 80.04],
    ['New Customers', 104, 329, 28_837, 87.65],
    ['Potential Loyalist', 342, 2_211, 204_856, 92.65],
    ['Promising', 9, 28, 4_249, 151.75],
  ])('put into %s %d customers with %d orders and %d of revenue', (name, n, orderCount, revenue, perOrder) => {
    const members = customers.filter((customer) => segmentOf(rfmScores(customer, cuts), documentedSegments) === name);
    const total = members.reduce((sum, { monetary }) => sum + monetary, 0);
    expect(members).toHaveLength(n);
    expect(members.reduce((sum, { frequency }) => sum + frequency, 0)).toBe(orderCount);
    expect(total).toBe(revenue);
    expect(total / orderCount).toBeCloseTo(perOrder, 2);
  });

  // the package's own tests print the Champions
  it('put into the segments of the package’s tests 158 Champions, and 48 customers into none', () => {
    const named = customers.map((customer) => segmentOf(rfmScores(customer, cuts), testedSegments));
    const champions = customers.filter((_, i) => named[i] === 'Champions');
    expect(champions).toHaveLength(158);
    expect(champions.reduce((sum, { frequency }) => sum + frequency, 0)).toBe(1_234);
    expect(champions.reduce((sum, { monetary }) => sum + monetary, 0)).toBe(120_178);
    expect(named.filter((name) => name === otherCustomers)).toHaveLength(48);
  });
});

// Not reproduced: counts of lines and stock codes, which the file of invoices leaves out; the n-tile and nested scores of
// other authors; the clusters of Chen, Sain and Guo 2012, whose table and filtered data are not open.
describe('UCI Online Retail', () => {
  const customers = retail();
  const sorted = (of: keyof RfmValues): number[] => customers.map((each) => each[of]).sort((a, b) => a - b);
  const mean = (of: keyof RfmValues): number => customers.reduce((sum, each) => sum + each[of], 0) / customers.length;

  it('has the known means, medians, extremes and quintiles', () => {
    expect(customers).toHaveLength(4_338);
    expect([mean('recencyDays').toFixed(4), mean('frequency').toFixed(4), mean('monetary').toFixed(4)]).toEqual([
      '93.0595',
      '4.2720',
      '2054.2665',
    ]);
    expect([quantile(sorted('recencyDays'), 0.5), quantile(sorted('frequency'), 0.5)]).toEqual([51, 2]);
    expect(quantile(sorted('monetary'), 0.5)).toBeCloseTo(674.485, 9);
    expect([sorted('recencyDays').at(-1), sorted('frequency').at(-1), sorted('monetary').at(-1)]).toEqual([
      374, 209, 280_206.02,
    ]);
    const { recencyDays, frequency, monetary } = rfmCuts(customers, 'exact');
    expect(rounded(recencyDays)).toEqual([13.8, 33, 72, 180]);
    expect(frequency).toEqual([1, 2, 3, 6]);
    for (const [i, cut] of [250.194, 490.096, 942.276, 2_058.426].entries()) expect(monetary[i]).toBeCloseTo(cut, 9);
  });

  it('has unequal bins where many customers are equal', () => {
    const cuts = rfmCuts(customers, 'exact');
    expect(counts(customers, cuts, 'frequency')).toEqual([1_493, 835, 508, 802, 700]);
    const cells = customers.map((customer) => cell(rfmScores(customer, cuts)));
    expect(cells.filter((each) => each === '555')).toHaveLength(324);
    expect(cells.filter((each) => each === '111')).toHaveLength(330);
  });
});

describe('rfmCuts and rfmScores', () => {
  it('cuts the miles per gallon of R’s mtcars as the package’s bins() does', () => {
    const mpg = [
      21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7, 32.4, 30.4,
      33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4,
    ];
    const { monetary } = rfmCuts(
      mpg.map((each) => ({ recencyDays: 0, frequency: 0, monetary: each })),
      'plusOne',
    );
    expect(rounded(monetary)).toEqual([16.2, 18.92, 22, 25.08]);
  });

  it('takes cuts as given, and puts a value on a cut where they say', () => {
    const cuts = { recencyDays: [30, 90], frequency: [2, 5], monetary: [100, 500] };
    const onEveryCut = { recencyDays: 30, frequency: 2, monetary: 500 };
    expect(rfmScores(onEveryCut, { onCut: 'from', ...cuts })).toEqual({ recency: 2, frequency: 2, monetary: 3 });
    expect(rfmScores(onEveryCut, { onCut: 'after', ...cuts })).toEqual({ recency: 3, frequency: 1, monetary: 2 });
    expect(rfmScores({ recencyDays: 9_999, frequency: 0, monetary: -5 }, { onCut: 'from', ...cuts })).toEqual({
      recency: 1,
      frequency: 1,
      monetary: 1,
    });
  });

  it('never scores lower what is more recent, more frequent and more', () => {
    const values = fc.record({ recencyDays: fc.nat(400), frequency: fc.nat(30), monetary: fc.nat(5_000) });
    const rule = fc.constantFrom('plusOne' as const, 'exact' as const);
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 1 }),
        values,
        values,
        rule,
        fc.integer({ min: 2, max: 9 }),
        (population, one, other, by, bins) => {
          const cuts = rfmCuts(population, by, bins);
          const [a, b] = [rfmScores(one, cuts), rfmScores(other, cuts)];
          expect(Math.sign(a.recency - b.recency) * Math.sign(one.recencyDays - other.recencyDays)).toBeLessThanOrEqual(
            0,
          );
          expect(
            Math.sign(a.frequency - b.frequency) * Math.sign(one.frequency - other.frequency),
          ).toBeGreaterThanOrEqual(0);
          expect(Math.sign(a.monetary - b.monetary) * Math.sign(one.monetary - other.monetary)).toBeGreaterThanOrEqual(
            0,
          );
          for (const score of [a.recency, a.frequency, a.monetary, b.recency, b.frequency, b.monetary])
            expect(score >= 1 && score <= bins).toBe(true);
        },
      ),
    );
  });
});
