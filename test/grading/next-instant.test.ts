import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Profile } from '#shared/domain/profile.ts';
import type { CompiledGrader } from '#shared/grading/grader.ts';
import { anyAttributes, anyFacts, anyModelFile, start, steps } from './any-model.ts';
import { compiled } from './model-files.ts';

/** Everything a timer exists for; the score itself may drift. */
const told = (grader: CompiledGrader, customer: Profile, at: number): string => {
  const { score, ...rest } = grader.decide(customer, at);
  return JSON.stringify([score === null, rest]);
};

const scan = (grader: CompiledGrader, customer: Profile, from: number, to: number): number | undefined => {
  const before = told(grader, customer, from);
  for (let at = Math.ceil((from + 1) / steps.minute) * steps.minute; at <= to; at += steps.minute)
    if (told(grader, customer, at) !== before) return at;
  return undefined;
};

describe('the next instant', () => {
  it('is the first at which a minute-by-minute scan sees another grade, guard, tag or scope', () => {
    fc.assert(
      fc.property(anyModelFile, anyFacts, anyAttributes, (file, facts, attributes) => {
        const grader = compiled(file);
        const customer = { facts, attributes };
        const horizon = start + 4 * 24 * steps.hour;
        const { next } = grader.grade(customer, start);
        const until = Math.min(horizon, (next ?? Number.POSITIVE_INFINITY) - 1);
        expect(scan(grader, customer, start, until)).toBeUndefined();
        if (next === undefined) return;
        expect(next).toBeGreaterThan(start);
        expect(Number.isInteger(next)).toBe(true);
        expect(told(grader, customer, next)).not.toBe(told(grader, customer, start));
        expect(told(grader, customer, next - 1)).toBe(told(grader, customer, start));
      }),
      { numRuns: 150 },
    );
  });

  it('leads through a customer’s whole future and comes to an end', () => {
    fc.assert(
      fc.property(anyModelFile, anyFacts, anyAttributes, (file, facts, attributes) => {
        const grader = compiled(file);
        const customer = { facts, attributes };
        let at = start;
        for (let turns = 0; ; turns += 1) {
          const { next } = grader.grade(customer, at);
          if (next === undefined) break;
          expect(next).toBeGreaterThan(at);
          expect(turns).toBeLessThan(500);
          at = next;
        }
        expect(told(grader, customer, at + 500 * 24 * steps.hour)).toBe(told(grader, customer, at));
      }),
      { numRuns: 100 },
    );
  });
});
