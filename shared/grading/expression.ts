import * as z from 'zod';
import { keyedUnion } from './keyed-union.ts';

export type Literal = number | string | boolean;

/** A field of a customer, or inside `where` of a fact. */
export interface FieldOperand {
  readonly field: string;
}

/** What an expression about a customer may compare. */
export type Operand =
  | Literal
  | readonly Literal[]
  | FieldOperand
  | { readonly signal: string }
  | { readonly group: string }
  | { readonly coverage: string }
  | { readonly score: true };

/** What `where` may compare: literals and the fact's own fields. */
export type FactOperand = Literal | readonly Literal[] | FieldOperand;

const comparisons = ['lt', 'le', 'gt', 'ge', 'eq', 'ne', 'in'] as const;
export type Comparison = (typeof comparisons)[number];

/**
 * A condition as data. Comparing with something unknown is false, whatever the operator; only `ne` is true then, being
 * `not eq`. `lt le gt ge` compare numbers, `eq ne in` compare exactly, without conversion.
 */
export type Expr<O> =
  | { readonly all: readonly Expr<O>[] }
  | { readonly any: readonly Expr<O>[] }
  | { readonly not: Expr<O> }
  | { readonly exists: O }
  | { readonly [K in Comparison]: Record<K, readonly [O, O]> }[Comparison];

const literals = [z.number(), z.string(), z.boolean()] as const;
const list = z.array(z.union(literals));
const field = z.strictObject({ field: z.string().min(1) });

export const Operand: z.ZodType<Operand> = z.union(
  [
    ...literals,
    list,
    field,
    z.strictObject({ signal: z.string() }),
    z.strictObject({ group: z.string() }),
    z.strictObject({ coverage: z.string() }),
    z.strictObject({ score: z.literal(true) }),
  ],
  'compare a value, a list, { field: name }, { signal: id }, { group: id }, { coverage: group } or { score: true }',
);

const FactOperand: z.ZodType<FactOperand> = z.union(
  [...literals, list, field],
  'inside where compare a value, a list or { field: name } of the fact',
);

const exprOf = <O>(operand: z.ZodType<O>): z.ZodType<Expr<O>> => {
  const self: z.ZodType<Expr<O>> = z.lazy(() => expr);
  const several = z.array(self).min(1, 'name at least one condition');
  const pair = z.tuple([operand, operand], 'a comparison takes two operands, e.g. [{ field: lifecycle }, customer]');
  const expr = keyedUnion(
    {
      all: z.strictObject({ all: several }),
      any: z.strictObject({ any: several }),
      not: z.strictObject({ not: self }),
      exists: z.strictObject({ exists: operand }),
      lt: z.strictObject({ lt: pair }),
      le: z.strictObject({ le: pair }),
      gt: z.strictObject({ gt: pair }),
      ge: z.strictObject({ ge: pair }),
      eq: z.strictObject({ eq: pair }),
      ne: z.strictObject({ ne: pair }),
      in: z.strictObject({ in: pair }),
    },
    'a condition is one of all, any, not, exists, lt, le, gt, ge, eq, ne, in',
  ) as z.ZodType<Expr<O>>;
  return expr;
};

export const CustomerExpr: z.ZodType<Expr<Operand>> = exprOf(Operand);
export type CustomerExpr = Expr<Operand>;
export const FactExpr: z.ZodType<Expr<FactOperand>> = exprOf(FactOperand);
export type FactExpr = Expr<FactOperand>;

export interface Placed<T> {
  readonly path: readonly PropertyKey[];
  readonly value: T;
}

/** The comparison of an expression that is one, with its two sides. */
export const comparisonOf = <O>(
  expr: Expr<O>,
): { readonly op: Comparison; readonly sides: readonly [O, O] } | undefined => {
  for (const op of comparisons) if (op in expr) return { op, sides: (expr as Record<Comparison, readonly [O, O]>)[op] };
  return undefined;
};

/** Every comparison inside, with where it stands; `exists` has one operand. */
export const operandsIn = <O>(expr: Expr<O>, path: readonly PropertyKey[]): readonly Placed<O>[] => {
  if ('all' in expr) return expr.all.flatMap((part, i) => operandsIn(part, [...path, 'all', i]));
  if ('any' in expr) return expr.any.flatMap((part, i) => operandsIn(part, [...path, 'any', i]));
  if ('not' in expr) return operandsIn(expr.not, [...path, 'not']);
  if ('exists' in expr) return [{ path: [...path, 'exists'], value: expr.exists }];
  const found = comparisonOf(expr);
  return found === undefined ? [] : found.sides.map((value, i) => ({ path: [...path, found.op, i], value }));
};

/** Every comparison inside, with where it stands. */
export const comparisonsIn = <O>(
  expr: Expr<O>,
  path: readonly PropertyKey[],
): readonly Placed<{ readonly op: Comparison; readonly sides: readonly [O, O] }>[] => {
  if ('all' in expr) return expr.all.flatMap((part, i) => comparisonsIn(part, [...path, 'all', i]));
  if ('any' in expr) return expr.any.flatMap((part, i) => comparisonsIn(part, [...path, 'any', i]));
  if ('not' in expr) return comparisonsIn(expr.not, [...path, 'not']);
  const found = comparisonOf(expr);
  return found === undefined ? [] : [{ path: [...path, found.op], value: found }];
};
