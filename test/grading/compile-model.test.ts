import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '#shared/domain/fact.ts';
import { anyAttributes, anyFacts, anyModelFile, anyWindow, start } from './any-model.ts';
import { compiled, instant, modelFile, paid, profile, smallModel } from './model-files.ts';
import { referenceSignal } from './reference-signals.ts';

const now = instant('2026-03-02T09:00:00+08:00');
const withSales = (changes: object) =>
  smallModel({
    signals: { sales: { from: { events: ['invoice.paid'] }, value: { path: 'amount' }, agg: 'sum', ...changes } },
  });
const scoreAt = (file: unknown, facts: readonly Fact[], at: string | number): number | null =>
  compiled(file).decide(profile(facts), typeof at === 'string' ? instant(at) : at).score;

describe('a compiled model', () => {
  it.each([
    [0, 'C'],
    [4_999, 'C'],
    [5_000, 'B'],
    [9_999, 'B'],
    [10_000, 'A'],
  ])('puts a score of %i cents in grade %s: a grade begins at its cut-off', (cents, grade) => {
    expect(compiled(smallModel()).decide(profile([paid(now, cents, 2)]), now)).toMatchObject({
      raw: grade,
      effective: grade,
    });
  });

  it('lists its grades best first, the unranked last, with labels in both languages', () => {
    const grader = compiled(
      smallModel({
        grades: [
          { id: 'X', label: 'out', ranked: false },
          { id: 'A', label: { zh: '甲', en: 'a' } },
          { id: 'B', label: 'b' },
          { id: 'C', label: 'c' },
        ],
      }),
    );
    expect(grader.grades.map(({ id }) => id)).toEqual(['A', 'B', 'C', 'X']);
    expect(grader.grades[0]?.label).toEqual({ zh: '甲', en: 'a' });
    expect(grader.cuts).toEqual({ A: 100, B: 50 });
    expect(grader.model).toEqual({ id: 'small', version: 1, hash: 'hash' });
  });

  describe('windows', () => {
    it('count a fact from its own instant until exactly the window’s length later', () => {
      const file = withSales({ window: { last: 'PT24H' } });
      const at = instant('2026-03-01T10:00:00Z');
      const day = 86_400_000;
      expect([at - 1, at, at + day - 1, at + day].map((t) => scoreAt(file, [paid(at, 60)], t))).toEqual([0, 60, 60, 0]);
      expect(compiled(file).grade(profile([paid(at, 60)]), at).next).toBe(at + day);
      expect(compiled(file).grade(profile([paid(at, 60)]), at - 5).next).toBe(at);
    });

    it('aligned to the day end at the midnight of the model’s zone', () => {
      const file = withSales({ window: { last: 'P30D', align: 'day' } });
      const facts = [paid('2026-01-31T23:59:59+08:00', 60)];
      expect(scoreAt(file, facts, '2026-03-01T23:59:59.999+08:00')).toBe(60);
      expect(scoreAt(file, facts, '2026-03-02T00:00:00+08:00')).toBe(0);
      expect(compiled(file).grade(profile(facts), instant('2026-02-10T00:00:00Z')).next).toBe(
        instant('2026-03-02T00:00:00+08:00'),
      );
    });

    it.each([
      ['2026-01-28', '2026-02-28'],
      ['2026-01-31', '2026-02-28'],
      ['2026-02-28', '2026-03-28'],
      ['2026-03-31', '2026-04-30'],
    ])('of one month end a fact of %s on %s, clamped to the month’s end', (day, end) => {
      const file = withSales({ window: { last: 'P1M', align: 'day' } });
      const facts = [paid(`${day}T12:00:00+08:00`, 60)];
      const { next } = compiled(file).grade(profile(facts), instant(`${day}T12:00:00+08:00`));
      expect(next).toBe(instant(`${end}T00:00:00+08:00`));
      expect(scoreAt(file, facts, next! - 1)).toBe(60);
      expect(scoreAt(file, facts, next!)).toBe(0);
    });

    it.each([
      ['Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T22:00:00Z'], // the 29th has 23 hours
      ['Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T23:00:00Z'], // the 25th has 25 hours
      ['America/Sao_Paulo', '2018-11-02T12:00:00Z', '2018-11-04T03:00:00Z'], // the 4th begins at 01:00
    ])('follow the clock changes of %s', (timezone, at, end) => {
      const file = { ...withSales({ window: { last: 'P2D', align: 'day' } }), timezone };
      expect(compiled(file).grade(profile([paid(at, 60)]), instant(at)).next).toBe(instant(end));
    });

    it('aligned to weeks and months end on Mondays and first days', () => {
      const at = instant('2026-03-05T12:00:00+08:00'); // a Thursday
      const end = (window: object) => compiled(withSales({ window })).grade(profile([paid(at, 60)]), at).next;
      expect(end({ last: 'P2W', align: 'week' })).toBe(instant('2026-03-16T00:00:00+08:00'));
      expect(end({ last: 'P2M', align: 'month' })).toBe(instant('2026-05-01T00:00:00+08:00'));
    });

    it('and aggregates agree with their definition at any instant', () => {
      const aggregate = fc.constantFrom(
        { agg: 'sum', value: { path: 'amount', sign: { 'invoice.refunded': -1 } } },
        { agg: 'sum', value: { path: 'amount' }, distinct: true },
        { agg: 'count' },
        { agg: 'count', distinct: true },
        { agg: 'avg', value: { path: 'fields.stars' } },
        { agg: 'min', value: { path: 'amount' } },
        { agg: 'max', value: { path: 'fields.stars' } },
        { agg: 'last', value: { path: 'fields.order' } },
        { agg: 'distinct', value: { path: 'fields.order' } },
        { agg: 'daysSinceLast' },
        { agg: 'daysSinceFirst' },
      );
      const zone = fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata');
      const later = fc.integer({ min: -20 * 86_400, max: 20 * 86_400 }).map((seconds) => start + seconds * 1_000);
      fc.assert(
        fc.property(
          aggregate,
          anyWindow,
          zone,
          anyFacts,
          later,
          (
            { agg, value, distinct }: { agg: string; value?: { path: string }; distinct?: boolean },
            window,
            timezone,
            facts,
            at,
          ) => {
            const events = ['invoice.paid', 'invoice.refunded'];
            const signal = {
              from: { events, ...(distinct === true ? { distinctBy: 'order' } : {}) },
              agg,
              ...(value === undefined ? {} : { value }),
              window,
            };
            const file = smallModel({ timezone, signals: { it: signal }, score: { combine: 'single', signal: 'it' } });
            const [contribution] = compiled(file).contributions({ attributes: {}, facts }, at);
            expect(contribution?.value).toEqual(referenceSignal(signal, facts, at, timezone));
          },
        ),
        { numRuns: 1_000 },
      );
    });
  });

  it('adds amounts of any scale exactly, in any order', () => {
    const cents = [paid(now, 1, 1), paid(now, 2, 1), paid(now, 3, 2), paid(now, -33, 2), paid(now, 2_042_761, 3)];
    const file = withSales({});
    expect(scoreAt(file, cents, now)).toBe(2_042.761);
    const huge = [
      paid(now, 9_007_199_254_740_991),
      paid(now, 9_007_199_254_740_991),
      paid(now, 25, 2),
      paid(now, -9_007_199_254_740_991),
      paid(now, -9_007_199_254_740_991),
    ];
    expect(scoreAt(file, huge, now)).toBe(0.25);
    expect(scoreAt(file, [...huge].reverse(), now)).toBe(0.25);
    const mixed = [paid(now, 1, 1), paid(now, 9_007_199_254_740_991), paid(now, -9_007_199_254_740_991)];
    expect(scoreAt(file, mixed, now)).toBe(0.1);
  });

  it('lets at most so many facts of a kind count per day, the earliest', () => {
    const file = withSales({ limit: { per: 'day', byEvent: 2 } });
    const facts = ['08', '09', '10'].map((hour, i) => paid(`2026-03-02T${hour}:00:00+08:00`, 10 ** i));
    expect(scoreAt(file, facts, '2026-03-02T20:00:00+08:00')).toBe(11);
    expect(scoreAt(file, [...facts, paid('2026-03-03T00:00:00+08:00', 500)], '2026-03-03T01:00:00+08:00')).toBe(511);
  });

  it('lets facts before the window use up the limit of their day', () => {
    const file = withSales({ window: { last: 'PT10H' }, limit: { per: 'day', byEvent: 1 } });
    const facts = ['08', '17'].map((hour) => paid(`2026-03-02T${hour}:00:00+08:00`, 60));
    expect(scoreAt(file, facts, '2026-03-02T17:30:00+08:00')).toBe(60);
    expect(scoreAt(file, facts, '2026-03-02T20:00:00+08:00')).toBe(0);
  });

  it('counts of facts with the same name the latest, until that one leaves the window', () => {
    const file = withSales({
      from: { events: ['invoice.paid'], distinctBy: 'order' },
      window: { last: 'P10D', align: 'day' },
    });
    const order = (day: string, units: number): Fact => ({
      ...paid(`2026-03-${day}T12:00:00+08:00`, units),
      fields: { order: 'o1' },
    });
    const facts = [order('01', 60), order('05', 70), order('07', 55)];
    const at = instant('2026-03-06T00:00:00+08:00');
    expect(scoreAt(file, facts, at)).toBe(70);
    expect(compiled(file).grade(profile(facts), at).next).toBe(instant('2026-03-17T00:00:00+08:00'));
  });

  it('wakes for a guard on the score although the score crosses no cut-off', () => {
    const file = {
      ...withSales({ window: { last: 'P10D', align: 'day' } }),
      guards: [{ id: 'solid', when: { ge: [{ score: true }, 70] }, then: { floor: 'A' } }],
    };
    const facts = [paid('2026-03-01T12:00:00+08:00', 20), paid('2026-03-03T12:00:00+08:00', 60)];
    const graded = compiled(file).grade(profile(facts), instant('2026-03-04T00:00:00+08:00'));
    expect(graded).toMatchObject({ raw: 'B', effective: 'A', guard: 'solid' });
    expect(graded.next).toBe(instant('2026-03-11T00:00:00+08:00'));
  });

  it('keeps facts that where refuses out', () => {
    const where = { all: [{ eq: [{ field: 'kind' }, 'web'] }, { ge: [{ field: 'amount' }, 10] }] };
    const file = withSales({ from: { events: ['invoice.paid'], where } });
    const facts = [
      { ...paid(now, 20), fields: { kind: 'web' } },
      { ...paid(now, 5), fields: { kind: 'web' } },
      paid(now, 7),
    ];
    expect(scoreAt(file, facts, now)).toBe(20);
  });

  describe('what is missing', () => {
    const factor = (missing: unknown) => ({
      ...smallModel(),
      signals: {
        size: { from: { attribute: 'size' }, ...(missing === undefined ? {} : { missing }) },
        kind: { from: { attribute: 'kind' } },
      },
      score: {
        combine: 'weightedSum',
        groups: {
          fit: {
            factors: [
              { signal: 'size', weight: 60, scale: { bands: [[10, 1]], else: 0.5 } },
              { signal: 'kind', weight: 40, scale: { map: { gold: 1 } } },
            ],
          },
        },
      },
      tags: {
        known: {
          bands: {
            on: { coverage: 'fit' },
            ge: [
              [1, 'all'],
              [0.4, 'some'],
              [0.01, 'little'],
            ],
            else: 'none',
          },
        },
      },
    });
    const told = (missing: unknown, attributes: Record<string, string | number>) => {
      const { score, tags } = compiled(factor(missing)).decide({ attributes, facts: [] }, now);
      return [score, tags['known']];
    };

    it('gives nothing and lowers the coverage without a rule', () => {
      expect(told(undefined, { kind: 'gold' })).toEqual([40, 'some']);
      expect(told({ value: null }, {})).toEqual([0, 'none']);
      expect(told(undefined, { size: 5, kind: 'tin' })).toEqual([30, 'all']);
    });

    it('stands for a value where the model says so, and counts as known', () => {
      expect(told({ value: 20 }, { kind: 'gold' })).toEqual([100, 'all']);
    });

    it('earns points where the model says so, and still counts as unknown', () => {
      expect(told({ points: 0.25 }, { kind: 'gold' })).toEqual([55, 'some']);
    });

    it('includes what the scale cannot read', () => {
      expect(told({ points: 0.25 }, { size: 'large', kind: 'gold' })).toEqual([55, 'some']);
    });

    it('never counts a name that every object inherits as known', () => {
      const file = { ...smallModel(), signals: { sales: { from: { attribute: 'constructor' } } } };
      expect(compiled(file).contributions({ attributes: {}, facts: [] }, now)[0]).toEqual({
        factor: 'sales',
        points: 0,
      });
    });
  });

  describe('guards', () => {
    const grader = compiled(modelFile('existing-abc'));
    const customer = (facts: readonly Fact[], more = {}) => profile(facts, { lifecycle: 'customer', ...more });
    const order = (at: string, units: number, orderId: string): Fact => ({
      ...paid(`${at}T12:00:00+08:00`, units),
      fields: { orderId },
    });

    it('decide in order, the first that holds', () => {
      const old = [order('2025-01-10', 900_000, '1')];
      expect(grader.decide(customer(old), now)).toMatchObject({ raw: 'C', effective: 'CHURNED', guard: 'churned' });
      expect(grader.decide(customer([order('2026-02-10', 900_000, '1')]), now)).toMatchObject({
        raw: 'A',
        effective: 'NEW',
        guard: 'new',
      });
      expect(grader.decide(customer([order('2025-10-10', 900_000, '1')]), now)).toMatchObject({
        raw: 'A',
        effective: 'B',
        guard: 'one-off',
      });
    });

    it('are silent about a cap that takes nothing away', () => {
      const one = grader.decide(customer([order('2025-10-10', 9, '1')]), now);
      expect(one).toMatchObject({ raw: 'C', effective: 'C' });
      expect(one.guard).toBeUndefined();
    });

    it('raise to a floor', () => {
      const facts = [order('2025-10-10', 1, '1'), order('2025-11-10', 1, '2')];
      expect(grader.decide(customer(facts, { strategicAccount: true }), now)).toMatchObject({
        raw: 'C',
        effective: 'B',
        guard: 'contract',
      });
      expect(grader.decide(customer(facts), now)).toMatchObject({ effective: 'C' });
    });

    it('turn at the local midnight after their day count', () => {
      const facts = [order('2025-03-10', 1, '1'), order('2025-05-10', 1, '2')];
      const at = instant('2026-05-20T00:00:00+08:00');
      const churned = instant('2026-05-11T00:00:00+08:00'); // 366 days after 10 May 2025
      expect(grader.decide(customer(facts), churned - 1).effective).not.toBe('CHURNED');
      expect(grader.decide(customer(facts), churned).effective).toBe('CHURNED');
      expect(grader.grade(customer(facts), at).next).toBeUndefined();
    });
  });

  it('keeps no timer where nothing will ever change', () => {
    expect(compiled(smallModel()).grade(profile([]), now).next).toBeUndefined();
    expect(
      compiled(withSales({ window: { lifetime: true } })).grade(profile([paid(now - 5, 70)]), now).next,
    ).toBeUndefined();
    expect('next' in compiled(smallModel()).grade(profile([]), now)).toBe(false);
  });

  it('finds the crossing of a halving sum at its closed form', () => {
    const file = withSales({ decay: { halfLife: 'P10D' } });
    const { next } = compiled(file).grade(profile([paid(now, 160)]), now);
    expect(Math.abs(next! - (now + 10 * 86_400_000 * Math.log2(160 / 100)))).toBeLessThanOrEqual(20);
  });

  it('tells points that sum to the score, and marks what a cap cut', () => {
    fc.assert(
      fc.property(anyModelFile, anyFacts, anyAttributes, (file, facts, attributes) => {
        const grader = compiled(file);
        const contributions = grader.contributions({ facts, attributes }, start);
        const sum = contributions.reduce((total, { points }) => total + points, 0);
        const { score } = grader.decide({ facts, attributes }, start);
        expect(Math.abs(sum - (score ?? 0))).toBeLessThan(1e-9);
        const sizes = contributions.map(({ points }) => Math.abs(points));
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
        const money = contributions.filter(({ group }) => group === 'money');
        if (money.some(({ capped }) => capped))
          expect(money.reduce((total, { points }) => total + points, 0)).toBeCloseTo(35, 9);
      }),
      { numRuns: 300 },
    );
  });

  it('scores a weighted sum within 0 and 100', () => {
    fc.assert(
      fc.property(anyModelFile, anyFacts, anyAttributes, (file, facts, attributes) => {
        if (file.score.combine === 'single') return;
        const { score } = compiled(file).decide({ facts, attributes }, start);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('says the same of the same customer whoever was graded before, and whatever the order of simultaneous sums', () => {
    fc.assert(
      fc.property(anyModelFile, anyFacts, anyFacts, anyAttributes, (file, facts, others, attributes) => {
        const grader = compiled(file);
        const first = grader.grade({ facts, attributes }, start);
        grader.grade({ facts: others, attributes: {} }, start - 7);
        const customer = { facts, attributes };
        expect(grader.grade(customer, start)).toEqual(first);
        expect(grader.contributions(customer, start)).toEqual(compiled(file).contributions(customer, start));
        expect(first).toMatchObject(grader.decide({ facts, attributes }, start));
        const sum = compiled(withSales({}));
        const together = facts.map((fact) => ({ ...fact, at: start }));
        expect(sum.decide({ facts: [...together].reverse(), attributes }, start).score).toBe(
          sum.decide({ facts: together, attributes }, start).score,
        );
      }),
    );
  });
});
