import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attributes } from '#shared/domain/fact.ts';
import { compileExpression, scalarReader, truth } from '#shared/grading/compile-expression.ts';
import type { Expr, FactOperand } from '#shared/grading/expression.ts';
import { implies } from '#shared/grading/implies.ts';

type Condition = Expr<FactOperand>;

const x = { field: 'x' };
const below = (limit: number): Condition => ({ lt: [x, limit] });

const anyLiteral = fc.constantFrom<FactOperand>(0, 1, 2, 'a', 'b');
const anyField = fc.constantFrom<FactOperand>({ field: 'x' }, { field: 'y' });
const anySides = fc.oneof(fc.tuple(anyField, anyLiteral), fc.tuple(anyLiteral, anyField), fc.tuple(anyField, anyField));
const anyComparison: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .tuple(fc.constantFrom('lt', 'le', 'gt', 'ge', 'eq', 'ne'), anySides)
    .map(([op, sides]) => ({ [op]: sides }) as unknown as Condition),
  fc
    .tuple(anyField, fc.subarray([0, 1, 2, 'a', 'b'], { minLength: 1 }))
    .map(([field, list]): Condition => ({ in: [field, list] })),
  anyField.map((exists): Condition => ({ exists })),
);
const { anyCondition } = fc.letrec<{ anyCondition: Condition }>((tie) => ({
  anyCondition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    anyComparison,
    fc.array(tie('anyCondition'), { minLength: 1, maxLength: 3 }).map((all): Condition => ({ all })),
    fc.array(tie('anyCondition'), { minLength: 1, maxLength: 3 }).map((any): Condition => ({ any })),
    tie('anyCondition').map((not): Condition => ({ not })),
  ),
}));

const values = [undefined, -1, 0, 0.5, 1, 1.5, 2, 3, 'a', 'b', 'c'] as const;
const everyone: readonly Attributes[] = values.flatMap((left) =>
  values.map((right) => ({
    ...(left === undefined ? {} : { x: left }),
    ...(right === undefined ? {} : { y: right }),
  })),
);

const holds = (condition: Condition, who: Attributes): boolean =>
  compileExpression(condition, (operand) =>
    scalarReader(() => (typeof operand !== 'object' ? operand : 'field' in operand ? who[operand.field] : undefined)),
  )() === truth.yes;

describe('implies', () => {
  it.each<[string, Condition, Condition]>([
    ['the same', below(5), below(5)],
    ['a tighter limit', below(5), { le: [x, 5] }],
    ['the same limit, written the other way round', below(5), { gt: [9, x] }],
    ['one of several', below(5), { any: [below(9), { exists: { field: 'y' } }] }],
    ['all of several', { all: [{ exists: { field: 'y' } }, below(5)] }, below(9)],
    ['both of several', below(5), { all: [below(6), below(7)] }],
    ['each of several', { any: [below(4), below(5)] }, below(6)],
    ['a value of a list', { eq: [x, 'a'] }, { in: [x, ['b', 'a']] }],
    ['a shorter list', { in: [x, [1, 2]] }, { ge: [x, 1] }],
    ['another value', { eq: [x, 'a'] }, { ne: [x, 'b'] }],
    ['what is compared being known', below(5), { exists: x }],
    ['the denial of less', { not: below(9) }, { not: below(5) }],
  ])('sees %s', (_what, a, b) => {
    expect(implies(a, b)).toBe(true);
    expect(implies(b, a)).toBe(_what === 'the same');
  });

  it('is right wherever it says so', () => {
    let seen = 0;
    fc.assert(
      fc.property(anyCondition, anyCondition, (a, b) => {
        if (!implies(a, b)) return;
        seen += 1;
        expect(everyone.filter((who) => holds(a, who) && !holds(b, who))).toEqual([]);
      }),
      { numRuns: 20_000 },
    );
    expect(seen).toBeGreaterThan(300);
  });
});
