import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StabilityRule, type Standing, settle } from '#shared/grading/stability.ts';
import { compileZones, placeThresholds } from '#shared/grading/zones.ts';

const grades = ['A', 'B', 'C', 'D'];
const day = 86_400_000;
const rule = (up: number, down: number, maxStep: number | null = null): StabilityRule => ({
  dwell: { up: up * day, down: down * day },
  maxStep,
});

describe('a grade that has to last', () => {
  it('goes up at once and down only after the dwell', () => {
    expect(settle({ grade: 'B' }, 'A', 0, rule(0, 14), grades)).toEqual({ grade: 'A' });
    const waiting = settle({ grade: 'A' }, 'B', 100, rule(0, 14), grades);
    expect(waiting).toEqual({ grade: 'A', waiting: { direction: 'down', since: 100 }, due: 100 + 14 * day });
    expect(settle(waiting, 'B', 100 + 14 * day - 1, rule(0, 14), grades).grade).toBe('A');
    expect(settle(waiting, 'B', 100 + 14 * day, rule(0, 14), grades)).toEqual({ grade: 'B' });
  });

  it('forgets the wait when the condition clears, and keeps it when it gets worse meanwhile', () => {
    const waiting = settle({ grade: 'A' }, 'B', 0, rule(0, 14), grades);
    expect(settle(waiting, 'A', 5 * day, rule(0, 14), grades)).toEqual({ grade: 'A' });
    const worse = settle(waiting, 'C', 5 * day, rule(0, 14), grades);
    expect(worse).toMatchObject({ grade: 'A', waiting: { since: 0 } });
    expect(settle(worse, 'C', 14 * day, rule(0, 14), grades).grade).toBe('C');
  });

  it('passes at most so many grades at a time, each after its dwell', () => {
    const first = settle({ grade: 'A', waiting: { direction: 'down', since: 0 } }, 'D', 7 * day, rule(0, 7, 1), grades);
    expect(first).toEqual({ grade: 'B', waiting: { direction: 'down', since: 7 * day }, due: 14 * day });
    expect(settle({ grade: 'A' }, 'D', 0, rule(0, 0, 2), grades)).toEqual({ grade: 'C' });
  });

  it('does not hold back what is not ranked', () => {
    for (const [from, to] of [
      ['A', 'CHURNED'],
      ['NEW', 'C'],
      ['A', null],
      [null, 'C'],
    ] as const)
      expect(settle({ grade: from }, to, 0, rule(30, 30, 1), grades)).toEqual({ grade: to });
    expect(settle(undefined, 'C', 0, rule(30, 30, 1), grades)).toEqual({ grade: 'C' });
  });

  it('ends where it was asked to go if that lasts, whatever came before', () => {
    const anyAsked = fc.array(fc.tuple(fc.constantFrom(...grades), fc.integer({ min: 0, max: 3 * day })), {
      maxLength: 12,
    });
    const anyRule = fc.record({
      dwell: fc.record({ up: fc.constantFrom(0, day), down: fc.constantFrom(0, 2 * day) }),
      maxStep: fc.constantFrom(null, 1, 2),
    });
    fc.assert(
      fc.property(anyAsked, anyRule, fc.constantFrom(...grades), (history, drawn, last) => {
        let standing: Standing & { readonly due?: number } = { grade: 'C' };
        let now = 0;
        const turn = (asked: string): void => {
          const from = grades.indexOf(standing.grade ?? '');
          standing = settle(standing, asked, now, drawn, grades);
          expect(Math.abs(grades.indexOf(standing.grade ?? '') - from)).toBeLessThanOrEqual(drawn.maxStep ?? 3);
          if (standing.due !== undefined) expect(standing.due).toBeGreaterThan(now);
        };
        for (const [asked, ms] of history) {
          now += ms;
          turn(asked);
        }
        for (let turns = 0; turns < 5; turns += 1) {
          now = standing.due ?? now;
          turn(last);
        }
        expect(standing).toEqual({ grade: last });
      }),
    );
  });
});

describe('zones', () => {
  const { values, boundaries } = placeThresholds(
    [
      { cut: 80, enter: 85, leave: 75 },
      { cut: 50, enter: 50, leave: 45 },
    ],
    (a, b) => b - a,
  );
  const zones = compileZones(boundaries, [0, 1, 2]);
  const zoneOf = (score: number): number => values.filter((value) => score < value).length;

  it.each([
    [90, 'A', 'A', 'A'],
    [82, 'A', 'A', 'B'],
    [77, 'B', 'A', 'B'],
    [74, 'B', 'B', 'B'],
    [47, 'C', 'B', 'B'],
    [44, 'C', 'C', 'C'],
  ])('a score of %d is %s by itself, %s for who holds A and %s for who holds B', (score, raw, heldA, heldB) => {
    const named = (place: number): string => 'ABC'[place] ?? '';
    expect(named(zones.raw(zoneOf(score)))).toBe(raw);
    expect(named(zones.standing(zoneOf(score), 0))).toBe(heldA);
    expect(named(zones.standing(zoneOf(score), 1))).toBe(heldB);
    expect(named(zones.standing(zoneOf(score), -1))).toBe(raw);
  });

  it('never flip inside the band, and agree with the cut-offs outside of it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 30 }), (scores) => {
        let held = -1;
        for (const score of scores) {
          const next = zones.standing(zoneOf(score), held);
          if (held === 0 && score >= 75) expect(next).toBe(0);
          if (held > 0 && score < 85 && score >= 45) expect(next).toBe(1 + Number(held === 2 && score < 50));
          if (score >= 85) expect(next).toBe(0);
          if (score < 45) expect(next).toBe(2);
          held = next;
        }
      }),
    );
  });
});
