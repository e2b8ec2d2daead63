import { canonicalJson } from '../domain/json.ts';
import { type Comparison, comparisonOf, type Expr } from './expression.ts';

/**
 * True when whatever meets the first condition plainly meets the second: the same, one of several, all of several, a tighter
 * limit, a shorter list. False says nothing: no attempt is made at the rest of logic.
 */
export const implies = <O>(a: Expr<O>, b: Expr<O>): boolean =>
  isSame(a, b) || impliesParts(a, b) || impliesByParts(a, b) || impliesAlone(a, b);

const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

const impliesParts = <O>(a: Expr<O>, b: Expr<O>): boolean =>
  ('any' in b && b.any.some((part) => implies(a, part))) || ('all' in b && b.all.every((part) => implies(a, part)));

const impliesByParts = <O>(a: Expr<O>, b: Expr<O>): boolean =>
  ('all' in a && a.all.some((part) => implies(part, b))) || ('any' in a && a.any.every((part) => implies(part, b)));

const impliesAlone = <O>(a: Expr<O>, b: Expr<O>): boolean => {
  if ('not' in a && 'not' in b) return implies(b.not, a.not);
  const compared = comparisonOf(a);
  if (compared === undefined) return false;
  // what is compared is known, or the comparison would not hold; only ne holds for the unknown too
  if ('exists' in b) return compared.op !== 'ne' && compared.sides.some((side) => isSame(side, b.exists));
  const [from, to] = [limitOf(compared), limitOf(comparisonOf(b))];
  return from !== undefined && to !== undefined && isSame(from.about, to.about) && isTighter(from, to);
};

interface Limit<O> {
  readonly op: Comparison;
  readonly about: O;
  readonly value: O;
}

const turned: Readonly<Record<Comparison, Comparison>> = {
  lt: 'gt',
  le: 'ge',
  gt: 'lt',
  ge: 'le',
  eq: 'eq',
  ne: 'ne',
  in: 'in',
};

/** With what is written out on the right. */
const limitOf = <O>(comparison: ReturnType<typeof comparisonOf<O>>): Limit<O> | undefined => {
  if (comparison === undefined) return undefined;
  const { op, sides } = comparison;
  const [left, right] = sides;
  if (isLiteral(right)) return { op, about: left, value: right };
  return isLiteral(left) ? { op: turned[op], about: right, value: left } : undefined;
};

const isLiteral = (operand: unknown): boolean => typeof operand !== 'object' || Array.isArray(operand);

const isTighter = <O>(a: Limit<O>, b: Limit<O>): boolean => {
  const values =
    a.op === 'eq' ? [a.value] : a.op === 'in' && Array.isArray(a.value) ? (a.value as unknown[]) : undefined;
  if (values !== undefined) return values.every((value) => holds(value, b));
  if (typeof a.value !== 'number' || typeof b.value !== 'number') return false;
  const strict = a.op === 'lt' || a.op === 'gt';
  if (a.op === 'lt' || a.op === 'le')
    return (
      (b.op === 'lt' && (strict ? a.value <= b.value : a.value < b.value)) || (b.op === 'le' && a.value <= b.value)
    );
  if (a.op === 'gt' || a.op === 'ge')
    return (
      (b.op === 'gt' && (strict ? a.value >= b.value : a.value > b.value)) || (b.op === 'ge' && a.value >= b.value)
    );
  return false;
};

/** One value against a limit. */
const holds = (value: unknown, { op, value: limit }: Limit<unknown>): boolean => {
  if (op === 'eq') return value === limit;
  if (op === 'ne') return value !== limit;
  if (op === 'in') return Array.isArray(limit) && limit.includes(value);
  if (typeof value !== 'number' || typeof limit !== 'number') return false;
  return { lt: value < limit, le: value <= limit, gt: value > limit, ge: value >= limit }[op];
};
