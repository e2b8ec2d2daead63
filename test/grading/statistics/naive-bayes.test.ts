import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClosedLead, fitNaiveBayes } from '#shared/grading/statistics/fit-naive-bayes.ts';
import type { NaiveBayesParams } from '#shared/grading/statistics/fitted-params.ts';
import { bayesProbability } from '#shared/grading/statistics/naive-bayes.ts';
import { refused } from './refused.ts';

/** The counts of the tag test in Odoo's `addons/crm`: 42 won and 105 lost; smoothing adds 0.1 to each. */
const odoo: NaiveBayesParams = {
  stages: [{ stage: 'new', won: 42, lost: 105 }],
  variables: { tag: { atLeast: 50, values: { one: { won: 33, lost: 65 }, two: { won: 23, lost: 75 } } } },
};
const lead = (...tags: string[]) => ({ stage: 'new', values: { tag: tags } });

describe('bayesProbability', () => {
  it.each([
    [[], 28.6],
    [['one'], 33.69],
    [['two'], 23.51],
    [['one', 'two'], 28.05],
  ])('with the tags %j is what Odoo’s test expects: %d %%', (tags, percent) =>
    expect(bayesProbability(odoo, lead(...tags)).percent).toBe(percent),
  );

  it('says what spoke for and against', () => {
    const { reasons } = bayesProbability(odoo, lead('one', 'two'));
    expect(reasons.map(({ value, rate }) => [value, rate > 0.5])).toEqual([
      ['new', false],
      ['one', true],
      ['two', false],
    ]);
    expect(reasons[0]?.rate).toBe(0.5);
    expect(reasons[1]?.rate).toBeCloseTo(33.1 / 56.2 / (33.1 / 56.2 + 65.1 / 140.2), 12);
  });

  it('hears nothing from the rare, the unknown and the oddly named', () => {
    const rare = {
      ...odoo,
      variables: { tag: { atLeast: 50, values: { one: { won: 33, lost: 16 }, two: { won: 33, lost: 17 } } } },
    };
    expect(bayesProbability(rare, lead('one')).percent).toBe(28.6);
    expect(bayesProbability(rare, lead('two')).percent).not.toBe(28.6);
    expect(bayesProbability(odoo, lead('constructor', 'never seen')).percent).toBe(28.6);
    expect(bayesProbability(odoo, { stage: 'gone', values: { toString: ['x'] } }).percent).toBe(28.6);
  });

  it('is never certain', () => {
    const extreme = (won: number, lost: number): NaiveBayesParams => ({
      stages: [{ stage: 'new', won: 1_000, lost: 1_000 }],
      variables: Object.fromEntries(
        ['a', 'b', 'c'].map((name) => [name, { atLeast: 0, values: { x: { won, lost }, y: { won: 500, lost: 500 } } }]),
      ),
    });
    const all = { stage: 'new', values: { a: ['x'], b: ['x'], c: ['x'] } };
    expect(bayesProbability(extreme(1_000, 0), all).percent).toBe(99.99);
    expect(bayesProbability(extreme(0, 1_000), all).percent).toBe(0.01);
  });
});

const closed = (won: number, lost: number, of: (i: number) => Partial<ClosedLead> = () => ({})): ClosedLead[] =>
  Array.from({ length: won + lost }, (_, i) => ({ won: i < won, stage: 'new', values: {}, ...of(i) }));

describe('fitNaiveBayes', () => {
  const options = { stages: ['new', 'qualified', 'won'], variables: { country: 0, tag: 50 } } as const;

  it('counts a won lead at every stage, a lost one up to its own', () => {
    const leads = closed(20, 40, (i) => ({ stage: i % 2 === 0 ? 'qualified' : i % 3 === 0 ? 'removed' : 'new' }));
    const fit = fitNaiveBayes(leads, options);
    expect(fit).toMatchObject({
      ok: true,
      won: 20,
      lost: 40,
      params: {
        stages: [
          { stage: 'new', won: 20, lost: 40 },
          { stage: 'qualified', won: 20, lost: 20 },
          { stage: 'won', won: 20, lost: 0 },
        ],
      },
    });
  });

  it('learns Odoo’s table from leads', () => {
    const tagged = (
      won: number,
      lost: number,
      one: number,
      two: number,
      oneLost: number,
      twoLost: number,
    ): ClosedLead[] =>
      closed(won, lost, (i) => {
        const place = i < won ? i : i - won;
        const [ones, twos] = i < won ? [one, won - two] : [oneLost, lost - twoLost];
        return { values: { tag: [...(place < ones ? ['one'] : []), ...(place >= twos ? ['two', 'two'] : [])] } };
      });
    const fit = fitNaiveBayes(tagged(42, 105, 33, 23, 65, 75), { stages: ['new'], variables: { tag: 50 } });
    expect(fit).toMatchObject({ ok: true, params: odoo });
  });

  it.each([closed(1, 0), closed(20, 29), closed(9, 200), closed(200, 9)])('refuses too few', (...leads) => {
    expect(fitNaiveBayes(leads, options)).toEqual(refused('tooFewOutcomes'));
  });

  it('rates a value higher the more often it wins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 29 }), (wins) => {
        const leads = closed(60, 60, (i) => ({
          values: { country: [(i < 60 ? i < wins : i - 60 < 30 - wins) ? 'x' : 'y'] },
        }));
        const more = closed(60, 60, (i) => ({
          values: { country: [(i < 60 ? i <= wins : i - 60 < 29 - wins) ? 'x' : 'y'] },
        }));
        const [fit, better] = [fitNaiveBayes(leads, options), fitNaiveBayes(more, options)];
        if (!fit.ok || !better.ok) throw new Error('refused');
        const x = { stage: 'new', values: { country: ['x'] } };
        expect(bayesProbability(better.params, x).percent).toBeGreaterThan(bayesProbability(fit.params, x).percent);
      }),
    );
  });
});
