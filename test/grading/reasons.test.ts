import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CohortCuts } from '#shared/domain/cohort.ts';
import type { Fact } from '#shared/domain/fact.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import type { Profile } from '#shared/domain/profile.ts';
import { rankKeyOf } from '#shared/domain/rank-key.ts';
import { type Counterfactual, Reasons } from '#shared/domain/reasons.ts';
import { anyAttributes, anyFacts, anyModelFile, start } from './any-model.ts';
import { compiled, explained, instant, paid, profile, smallModel } from './model-files.ts';

const now = instant('2026-03-02T09:00:00+08:00');
const anyBaseline = fc.constantFrom('zero', 'population', 'cutoff');
const anyMeans = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 });
const anyCustomer = fc.tuple(anyFacts, anyAttributes).map(([facts, attributes]): Profile => ({ facts, attributes }));

/** Any model, told against any baseline. */
const anyExplained = fc
  .tuple(anyModelFile, anyBaseline, anyMeans, fc.boolean())
  .map(([file, baseline, values, snapshot]) => {
    const factors =
      file.score.combine === 'single' ? ['touches'] : ['sales', 'best', 'touches', 'count', 'recency', 'mean', 'last'];
    const means = Object.fromEntries(factors.map((factor, i) => [factor, values[i]]));
    const population = snapshot ? { population: { asOf: '2026-03-01T00:00:00Z', customers: 9, means } } : {};
    return { ...file, ...population, explain: { baseline, top: 5 } };
  });

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The customer as a counterfactual says, worked out apart from the product. */
const applied = ({ suppose }: Counterfactual, customer: Profile, kinds: readonly string[]): Profile => {
  const further = (fact: Omit<Fact, 'at'>, count = 1): Profile => {
    const facts = [
      ...customer.facts.filter(({ at }) => at <= start),
      ...Array.from({ length: count }, () => ({ ...fact, at: start })),
    ];
    return { ...customer, facts: [...facts, ...customer.facts.filter(({ at }) => at > start)] };
  };
  switch (suppose.if) {
    case 'fact':
      return further({ type: suppose.type }, suppose.count);
    case 'without':
      return { ...customer, facts: customer.facts.filter(({ type, at }) => at > start || !kinds.includes(type)) };
    case 'amount': {
      const units = Math.round(Math.abs(suppose.amount) * 100);
      return further({
        type: suppose.amount < 0 ? 'invoice.refunded' : 'invoice.paid',
        amount: { units, scale: 2, currency: 'CNY' },
      });
    }
    case 'value': {
      if (suppose.factor === 'best')
        return further({
          type: 'invoice.paid',
          amount: { units: Number(suppose.value) * 100, scale: 2, currency: 'CNY' },
        });
      if (suppose.factor === 'last') return further({ type: 'invoice.paid', fields: { order: suppose.value } });
      const at = suppose.is === 'below' ? Number(suppose.value) - 0.5 : suppose.value;
      return { ...customer, attributes: { ...customer.attributes, [suppose.factor]: at } };
    }
  }
};

describe('reasons', () => {
  it('add up: Σ phi is the score less the baseline, for any model and customer', () => {
    fc.assert(
      fc.property(anyExplained, anyCustomer, (file, customer) => {
        const grader = compiled(file);
        const { contributions, reasons, graded } = explained(grader, customer, start);
        const phi = contributions.map((one) => one.phi ?? Number.NaN);
        expect(Math.abs(sumOf(phi) - ((graded.score ?? 0) - (reasons?.baseline.score ?? 0)))).toBeLessThan(1e-9);
        if (reasons?.baseline.kind === 'zero')
          expect(phi).toEqual(contributions.map(({ points }): unknown => expect.closeTo(points, 9)));
        if (reasons?.baseline.kind === 'cutoff')
          expect(reasons.baseline.score).toBeCloseTo(
            grader.cutScores(graded, start)[graded.raw ?? ''] ?? Number.NaN,
            9,
          );
      }),
      { numRuns: 300 },
    );
  });

  it('name counterfactuals that bring the grade they say when they are applied', () => {
    let found = 0;
    fc.assert(
      fc.property(anyExplained, anyCustomer, (file, customer) => {
        const grader = compiled(file);
        const { reasons, graded, standing } = explained(grader, customer, start);
        for (const one of reasons?.counterfactuals ?? []) {
          const kinds =
            'factor' in one.suppose
              ? ((file.signals as Record<string, { from: { events?: string[] } }>)[one.suppose.factor]?.from.events ??
                [])
              : [];
          const after = grader.decide(applied(one, customer, kinds), start, {
            ...standing,
            held: { grade: graded.effective },
          });
          expect(after.asked).toBe(one.grade);
          expect(after.asked).not.toBe(graded.effective);
          found += 1;
        }
        expect(reasons?.counterfactuals.length ?? 0).toBeLessThanOrEqual(5);
      }),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(300);
  });

  it('survive being sent', () => {
    fc.assert(
      fc.property(anyExplained, anyCustomer, (file, customer) => {
        const { reasons } = explained(compiled(file), customer, start);
        if (reasons !== undefined) expect(Reasons.parse(JSON.parse(JSON.stringify(reasons)))).toEqual(reasons);
      }),
      { numRuns: 100 },
    );
  });

  it('foresee each change at the instant it comes, and its grade', () => {
    fc.assert(
      fc.property(anyExplained, anyCustomer, (file, customer) => {
        const grader = compiled(file);
        const { reasons, graded, standing } = explained(grader, customer, start, 'B');
        const projection = reasons?.projection ?? [];
        let held = graded.effective;
        for (const step of projection) {
          const then = grader.decide(customer, step.at, { ...standing, held: { grade: held } });
          expect(then).toMatchObject({ raw: step.raw, score: step.score });
          // what had to last is only seen by one that knows since when
          if (step.waited === undefined && then.waiting === undefined) expect(then.effective).toBe(step.to);
          held = step.to;
        }
        const instants = projection.map(({ at }) => at);
        expect(instants).toEqual([...new Set(instants)].sort((a, b) => a - b));
      }),
      { numRuns: 200 },
    );
  });
});

const capped = (explain: object) => ({
  ...smallModel(),
  signals: {
    size: { from: { attribute: 'size' } },
    visits: { from: { attribute: 'visits' } },
    kind: { from: { attribute: 'kind' } },
  },
  score: {
    combine: 'weightedSum',
    groups: {
      fit: {
        title: { zh: '匹配', en: 'Fit' },
        cap: 30,
        factors: [
          { signal: 'size', weight: 40, scale: { linear: { from: 0, to: 100 } } },
          { signal: 'visits', weight: 20, scale: { linear: { from: 0, to: 10 } } },
        ],
      },
      kind: { factors: [{ signal: 'kind', weight: 40, scale: { map: { gold: 1, tin: 0.25 } } }] },
    },
  },
  cutoffs: { method: 'absolute', atLeast: { A: 60, B: 30 } },
  population: { asOf: '2026-03-01T00:00:00Z', customers: 10, means: { size: 0.25, visits: 0.5, kind: 0.5 } },
  explain,
});
const rich = profile([], { size: 100, visits: 10, kind: 'gold' });

describe('under a binding cap', () => {
  it('points and phi are cut in proportion, and the cap is named', () => {
    const { contributions, reasons } = explained(compiled(capped({ baseline: 'population' })), rich, now);
    expect(contributions).toEqual([
      { factor: 'kind', group: 'kind', value: 'gold', points: 40, phi: 20 },
      { factor: 'size', group: 'fit', value: 100, points: 20, phi: 15, capped: true }, // 40 · (1 − 0.25) · 30 / 60
      { factor: 'visits', group: 'fit', value: 10, points: 10, phi: 5, capped: true },
    ]);
    expect(reasons?.caps).toEqual([{ group: 'fit', cap: 30 }]);
    expect(reasons?.baseline).toEqual({ kind: 'population', score: 30 });
  });

  it('more of its factors is not said to help, nor less of one to harm while the others fill the cap', () => {
    const short = profile([], { size: 100, visits: 10, kind: 'tin' });
    const { reasons } = explained(compiled(capped({ top: 10 })), short, now, 'B');
    expect(reasons?.distance).toEqual({
      better: { grade: 'A', enter: 60, margin: 20 },
      below: { grade: 'C', enter: 30, leave: 30, margin: 10 },
    });
    expect(reasons?.counterfactuals).toEqual([
      { suppose: { if: 'value', factor: 'kind', is: 'equal', value: 'gold' }, score: 70, grade: 'A', direction: 'up' },
    ]);
  });
});

describe('switches of explain', () => {
  it('leave out what is not asked for, and bound how much is told', () => {
    const customer = profile([], { size: 50, visits: 1, kind: 'tin' });
    const of = (explain: object) => explained(compiled(capped(explain)), customer, now, 'B').reasons;
    expect(of({})?.counterfactuals.map(({ direction }) => direction)).toEqual(['up', 'down']);
    expect(of({ top: 1 })?.counterfactuals).toHaveLength(1);
    expect(of({ counterfactual: false })?.counterfactuals).toEqual([]);
    expect(of({ baseline: 'cutoff' })?.baseline).toEqual({ kind: 'cutoff', score: 30, grade: 'B' });
    expect(of({})?.baseline).toEqual({ kind: 'zero', score: 0 });
    const fading = (projection: boolean) =>
      explained(compiled(smallModel({ explain: { projection } })), profile([paid(now, 60)]), now);
    expect(fading(true).reasons?.projection).toMatchObject([{ to: 'C', score: 0 }]);
    expect(fading(false).reasons?.projection).toEqual([]);
    expect(fading(false).next).toEqual({ at: instant('2026-04-01T00:00:00+08:00'), to: 'C' });
  });
});

describe('where one signal is the score', () => {
  const sales = [paid('2026-02-20T09:00:00+08:00', 4_000, 2)];

  it('the amount that is short is told to the smallest unit', () => {
    const grader = compiled(smallModel());
    const { reasons } = explained(grader, profile(sales), now, 'C');
    expect(reasons?.distance).toEqual({ better: { grade: 'B', enter: 50, margin: 10 } });
    expect(reasons?.counterfactuals).toEqual([
      { suppose: { if: 'amount', factor: 'sales', amount: 10 }, score: 50, grade: 'B', direction: 'up' },
    ]);
    expect(grader.decide(profile([...sales, paid(now, 999, 2)]), now).asked).toBe('C');
  });

  it('a refund that would lower the grade is told as less', () => {
    const { reasons } = explained(compiled(smallModel()), profile([paid(now, 6_050, 2)]), now, 'B');
    expect(reasons?.counterfactuals).toEqual([
      { suppose: { if: 'amount', factor: 'sales', amount: 39.5 }, score: 100, grade: 'A', direction: 'up' },
      { suppose: { if: 'amount', factor: 'sales', amount: -10.51 }, score: 49.99, grade: 'C', direction: 'down' },
    ]);
  });

  it('nothing is supposed of a grade that is held by hand, and no cut told', () => {
    const hold = { command: 'h', grade: 'A', by: 'ann', why: 'key', until: now + 5 };
    const { reasons } = explained(compiled(smallModel()), profile(sales), now, 'A', { hold });
    expect(reasons).toMatchObject({ distance: {}, counterfactuals: [], projection: [{ at: now + 5, to: 'C' }] });
  });

  it('there are no reasons out of scope', () => {
    const grader = compiled(smallModel({ scope: { when: { eq: [{ field: 'kind' }, 'gold'] } } }));
    expect(explained(grader, profile(sales), now).reasons).toBeUndefined();
  });
});

const ranked = (changes: object = {}) =>
  smallModel({
    cutoffs: { method: 'rank', upTo: { A: 0.2, B: 0.5 } },
    stability: { hysteresis: { unit: 'rank', up: 0, down: 0.1 } },
    ...changes,
  });
const other = CustomerId.parse('account:test:2');
const self = CustomerId.parse('account:test:1');
/** Cuts at places 2, 3, 5 and 6 of ten: A, out of A, B, out of B. */
const cutsAt =
  (...numbers: readonly (readonly [number, CustomerId])[]) =>
  (cohort: CohortCuts['cohort']): CohortCuts => ({
    cohort,
    version: 3,
    members: 10,
    cuts: numbers.map(([number, customer]) => ({ key: rankKeyOf([number], customer) })),
  });

describe('where customers are ranked', () => {
  it('the cuts of the cohort as they are now are told as scores, and the places of the one at a cut', () => {
    const cutsOf = cutsAt([90, other], [80, other], [60, self], [50, other]);
    const { reasons } = explained(compiled(ranked()), profile([paid(now, 60)]), now, 'B', { cutsOf });
    expect(reasons?.distance).toEqual({
      better: { grade: 'A', enter: 90, margin: 30, places: 3 },
      below: { grade: 'C', enter: 60, leave: 50, margin: 10, places: 1 },
    });
  });

  it('no places are told of anybody else', () => {
    const cutsOf = cutsAt([90, other], [80, other], [60, other], [50, other]);
    const { reasons } = explained(compiled(ranked()), profile([paid(now, 70)]), now, 'B', { cutsOf });
    expect(reasons?.distance).toEqual({
      better: { grade: 'A', enter: 90, margin: 20 },
      below: { grade: 'C', enter: 60, leave: 50, margin: 20 },
    });
    expect(reasons?.counterfactuals).toEqual([
      { suppose: { if: 'amount', factor: 'sales', amount: 20 }, score: 90, grade: 'A', direction: 'up' },
      { suppose: { if: 'amount', factor: 'sales', amount: -20.01 }, score: 49.99, grade: 'C', direction: 'down' },
    ]);
  });

  it('a cut that moved is told in the days or points a reader knows', () => {
    const signals = (more: object) => ({ sales: { from: { events: ['invoice.paid'] }, ...more } });
    const displaced = (file: object, [from, to]: readonly [number, number]) =>
      explained(compiled(file), profile([paid(now, 1)]), now, 'A', {
        cause: {
          type: 'displaced',
          cohort: compiledCohort(file),
          version: 4,
          displacement: { threshold: 1, from, to, passed: 3 },
        },
      }).reasons?.displaced;
    const today = Math.floor((now + 8 * 3_600_000) / 86_400_000);
    const byDays = ranked({ signals: signals({ agg: 'daysSinceLast' }) });
    expect(displaced(byDays, [7 - today, 9 - today])).toEqual({ grade: 'A', from: 7, to: 9, passed: 3 });
    const halving = ranked({ signals: signals({ agg: 'count', decay: { halfLife: 'P10D' } }) });
    const days = now / (10 * 86_400_000);
    const moved = displaced(halving, [3 + days, 5 + days]);
    expect(moved).toEqual({
      grade: 'A',
      from: expect.closeTo(8, 6) as unknown,
      to: expect.closeTo(32, 6) as unknown,
      passed: 3,
    });
  });
});

const compiledCohort = (file: object): CohortCuts['cohort'] =>
  explained(compiled(file), profile([]), now).graded.rank?.cuts.cohort ?? ('' as CohortCuts['cohort']);

describe('where a table decides', () => {
  it('the cells next to the customer’s are told by row and by column', () => {
    const file = {
      ...capped({}),
      cutoffs: {
        method: 'matrix',
        rows: { group: 'fit', ge: [[20, 'H']], else: 'L' },
        cols: {
          group: 'kind',
          ge: [
            [40, 1],
            [10, 2],
          ],
          else: 3,
        },
        cells: { H1: 'A', H2: 'A', H3: 'B', L1: 'B', L2: 'B', L3: 'C' },
      },
    };
    const { reasons } = explained(compiled(file), profile([], { size: 40, visits: 1, kind: 'tin' }), now, 'B');
    expect(reasons?.distance).toEqual({
      cells: [
        { axis: 'row', by: 'more', cell: 'H2', grade: 'A', limit: 20, margin: 2 },
        { axis: 'column', by: 'more', cell: 'L1', grade: 'B', limit: 40, margin: 30 },
        { axis: 'column', by: 'fewer', cell: 'L3', grade: 'C', limit: 10, margin: 0 },
      ],
    });
    expect(reasons?.counterfactuals.map(({ suppose, grade }) => [suppose, grade])).toEqual([
      [{ if: 'value', factor: 'size', is: 'atLeast', value: 45 }, 'A'],
      [{ if: 'value', factor: 'visits', is: 'atLeast', value: 2 }, 'A'],
    ]);
  });
});
