import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyCuts } from '#shared/domain/cohort.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import type { Profile } from '#shared/domain/profile.ts';
import type { CompiledGrader, Standing } from '#shared/grading/grader.ts';
import { anyAttributes, anyFacts, anyModelFile, start, steps } from './any-model.ts';
import { compiled } from './model-files.ts';

/** Everything a timer exists for; the score itself may drift. */
const told = (grader: CompiledGrader, customer: Profile, at: number, grade: string | null): string => {
  const { score, raw, asked, guard, segment, tags, rank } = grader.decide(customer, at, holding(grade));
  return JSON.stringify([score === null, raw, asked, guard, segment, tags, rank?.key]);
};

const holding = (grade: string | null): Standing => ({
  customer: CustomerId.parse('account:shop:1'),
  held: { grade },
  cutsOf: emptyCuts,
});
const anyHeld = fc.constantFrom(null, 'A', 'B', 'C', 'X');

const scan = (
  grader: CompiledGrader,
  customer: Profile,
  [from, to]: readonly [number, number],
  grade: string | null,
): number | undefined => {
  const before = told(grader, customer, from, grade);
  for (let at = Math.ceil((from + 1) / steps.minute) * steps.minute; at <= to; at += steps.minute)
    if (told(grader, customer, at, grade) !== before) return at;
  return undefined;
};

describe('the next instant', () => {
  it('is the first at which a minute-by-minute scan sees another grade, guard, tag or scope', () => {
    fc.assert(
      fc.property(anyModelFile, anyFacts, anyAttributes, anyHeld, (file, facts, attributes, held) => {
        const grader = compiled(file);
        const customer = { facts, attributes };
        const horizon = start + 4 * 24 * steps.hour;
        const { next } = grader.grade(customer, start, holding(held));
        const until = Math.min(horizon, (next ?? Number.POSITIVE_INFINITY) - 1);
        expect(scan(grader, customer, [start, until], held)).toBeUndefined();
        if (next === undefined) return;
        expect(next).toBeGreaterThan(start);
        expect(Number.isInteger(next)).toBe(true);
        expect(told(grader, customer, next, held)).not.toBe(told(grader, customer, start, held));
        expect(told(grader, customer, next - 1, held)).toBe(told(grader, customer, start, held));
      }),
      { numRuns: 150 },
    );
  });

  it('leads through a customer’s whole future and comes to an end', () => {
    fc.assert(
      fc.property(anyModelFile, anyFacts, anyAttributes, anyHeld, (file, facts, attributes, held) => {
        const grader = compiled(file);
        const customer = { facts, attributes };
        let at = start;
        for (let turns = 0; ; turns += 1) {
          const { next } = grader.grade(customer, at, holding(held));
          if (next === undefined) break;
          expect(next).toBeGreaterThan(at);
          expect(turns).toBeLessThan(1_000); // a half-life of thirty days, night by night
          at = next;
        }
        expect(told(grader, customer, at + 500 * 24 * steps.hour, held)).toBe(told(grader, customer, at, held));
      }),
      { numRuns: 100 },
    );
  });
});
