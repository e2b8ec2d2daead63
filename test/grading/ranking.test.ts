import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyCuts } from '#shared/domain/cohort.ts';
import type { Fact } from '#shared/domain/fact.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import type { CompiledGrader } from '#shared/grading/grader.ts';
import { compiled, instant, paid, profile, smallModel } from './model-files.ts';

const day = 86_400_000;
const start = instant('2026-03-02T09:30:00Z');
const one = CustomerId.parse('account:shop:1');
const two = CustomerId.parse('account:shop:2');

const rank = { method: 'rank', upTo: { A: 0.2, B: 0.5 }, tieBreak: ['id'] };
const keyAt = (grader: CompiledGrader, customer: CustomerId, facts: readonly Fact[], at: number): string =>
  grader.decide(profile(facts), at, { customer, cutsOf: emptyCuts }).rank?.key ?? '';
const rankBy = (signal: object, changes: object = {}): CompiledGrader =>
  compiled(
    smallModel({
      timezone: 'Europe/Berlin',
      signals: { ranked: { from: { events: ['invoice.paid'] }, ...signal } },
      score: { combine: 'single', signal: 'ranked' },
      cutoffs: rank,
      ...changes,
    }),
  );

const anyFacts = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 60 * 24 }), fc.integer({ min: 1, max: 500 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((drawn) => drawn.map(([hours, units]) => paid(start - hours * 3_600_000, units)));
const decayed = rankBy({ value: { path: 'amount' }, agg: 'sum', decay: { halfLife: 'P14D' } });
const recency = rankBy({ agg: 'daysSinceLast', window: { lifetime: true } });

describe('a rank key', () => {
  it('of a sum that fades stays the same as time passes, and orders customers as their sums do', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, fc.integer({ min: 0, max: 400 }), (a, b, days) => {
        const later = start + days * day + 12_345;
        expect(keyAt(decayed, one, a, later)).toBe(keyAt(decayed, one, a, start));
        const [scoreA, scoreB] = [a, b].map((facts) => decayed.decide(profile(facts), start).score ?? 0);
        fc.pre(Math.abs((scoreA ?? 0) - (scoreB ?? 0)) > 1e-5);
        expect(keyAt(decayed, one, a, later) < keyAt(decayed, two, b, later)).toBe((scoreA ?? 0) > (scoreB ?? 0));
      }),
    );
  });

  it('of a sum that fades needs no timer at all', () => {
    expect(
      decayed.grade(profile([paid(start, 100)]), start, { customer: one, cutsOf: emptyCuts }).next,
    ).toBeUndefined();
  });

  it('of a count of days is that of the day it counts from', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, fc.integer({ min: 0, max: 400 }), (a, b, days) => {
        const later = start + days * day;
        expect(keyAt(recency, one, a, later)).toBe(keyAt(recency, one, a, start));
        const [daysA, daysB] = [a, b].map((facts) => recency.decide(profile(facts), start).score ?? 0);
        fc.pre(daysA !== daysB);
        expect(keyAt(recency, one, a, later) < keyAt(recency, two, b, later)).toBe((daysA ?? 0) > (daysB ?? 0));
      }),
    );
  });

  it('is read back as the score that people know', () => {
    const facts = [paid(start - 3 * day, 80)];
    const number = (grader: CompiledGrader): number => {
      const graded = grader.decide(profile(facts), start, { customer: one, cutsOf: emptyCuts });
      const key = graded.rank?.key ?? '';
      const told = { ...graded, rank: { key, cuts: { ...graded.rank!.cuts, cuts: [{ key }, { key }] } } };
      return grader.cutScores(told, start)['A'] ?? Number.NaN;
    };
    expect(number(recency)).toBe(3);
    expect(number(decayed)).toBeCloseTo(80 * 2 ** (-3 / 14), 6);
  });

  it('moves at midnight where the decay is aligned to the day, and only while anything is left', () => {
    const daily = rankBy({ value: { path: 'amount' }, agg: 'sum', decay: { halfLife: 'P1D', align: 'day' } });
    const facts = [paid(start, 8)];
    const scores = [0, 1, 2, 3].map((days) => daily.decide(profile(facts), start + days * day).score);
    expect(scores).toEqual([8, 4, 2, 1]);
    let [at, turns] = [start, 0];
    for (;;) {
      const { next } = daily.grade(profile(facts), at, { customer: one, cutsOf: emptyCuts });
      if (next === undefined) break;
      expect(new Date(next + 3_600_000 * (next < instant('2026-03-29T01:00:00Z') ? 1 : 2)).getUTCHours()).toBe(0);
      [at, turns] = [next, turns + 1];
    }
    expect(turns).toBe(24); // 8 / 2^24 rounds to nothing
  });
});

describe('partitions and segments', () => {
  const grader = compiled(
    smallModel({
      cutoffs: rank,
      partitions: ['region'],
      segments: [
        { id: 'big', when: { ge: [{ signal: 'sales' }, 1_000] }, set: { cutoffs: { upTo: { A: 0.5, B: 0.6 } } } },
        { id: 'odd', when: { eq: [{ field: 'odd' }, true] }, set: { guards: { append: [] } } },
      ],
    }),
  );
  const cohortOf = (attributes: object, units = 10): string =>
    grader.decide(profile([paid(start, units)], { ...attributes }), start, { customer: one, cutsOf: emptyCuts }).rank!
      .cuts.cohort;

  it('name the cohort: a segment has one of its own only where it sets cut-offs or partitions', () => {
    expect(cohortOf({ region: 'north' })).toBe('small:hash::north');
    expect(cohortOf({ region: 'north', odd: true })).toBe('small:hash::north');
    expect(cohortOf({ region: 'north' }, 2_000)).toBe('small:hash:big:north');
    expect(cohortOf({})).toBe('small:hash::-');
  });

  it('keep values apart that could be taken for one another', () => {
    const names = ['-', 'a:b', 'a', `${'x'.repeat(60)}1`, `${'x'.repeat(60)}2`, '中国', 7, true];
    expect(new Set([cohortOf({}), ...names.map((region) => cohortOf({ region }))]).size).toBe(names.length + 1);
  });

  it('a customer leaves a segment when time takes what made it a member', () => {
    const customer = profile([paid(start, 2_000)], { region: 'north' });
    const standing = { customer: one, cutsOf: emptyCuts };
    const { next } = grader.grade(customer, start, standing);
    expect(grader.decide(customer, (next ?? 0) - 1, standing).segment).toBe('big');
    expect(grader.decide(customer, next ?? 0, standing).segment).toBeUndefined();
  });

  it('know the cuts of every cohort by its name, and of no other', () => {
    const specOf = (cohort: string) => grader.specOf(cohort as never)?.thresholds;
    expect(specOf('small:hash::north')).toEqual(['0.2', '0.5']);
    expect(specOf('small:hash:big:north')).toEqual(['0.5', '0.6']);
    expect(specOf('small:other::north')).toBeUndefined();
  });
});
