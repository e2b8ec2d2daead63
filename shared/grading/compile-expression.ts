import type { Scalar } from '../domain/fact.ts';
import { type Comparison, comparisonOf, type Expr, type Literal } from './expression.ts';

/** `maybe` only over a stretch of time in which the answer may turn; at an instant it never occurs. */
export const truth = { no: 0, yes: 1, maybe: 2 } as const;
export type Truth = (typeof truth)[keyof typeof truth];
export type Test = () => Truth;

/** One side of a comparison: bounds of a number (NaN when it is none), or the value that is no number. */
export interface Reader {
  low(): number;
  high(): number;
  text(): string | boolean | undefined;
}

export const numberReader = (low: () => number, high: () => number): Reader => ({ low, high, text: () => undefined });

export const scalarReader = (read: () => Scalar | undefined): Reader => {
  const number = (): number => {
    const value = read();
    return typeof value === 'number' ? value : Number.NaN;
  };
  return {
    low: number,
    high: number,
    text: () => {
      const value = read();
      return typeof value === 'number' ? undefined : value;
    },
  };
};

export type Readers<O> = (operand: O) => Reader;

export const compileExpression = <O>(expr: Expr<O>, readers: Readers<O>): Test => {
  if ('all' in expr) return allOf(expr.all.map((part) => compileExpression(part, readers)));
  if ('any' in expr) return anyOf(expr.any.map((part) => compileExpression(part, readers)));
  if ('not' in expr) return negated(compileExpression(expr.not, readers));
  if ('exists' in expr) return exists(readers(expr.exists));
  const found = comparisonOf(expr);
  return found === undefined ? () => truth.no : compileComparison(found.op, found.sides, readers);
};

const compileComparison = <O>(op: Comparison, [left, right]: readonly [O, O], readers: Readers<O>): Test => {
  if (op === 'in') return isIn(readers(left), Array.isArray(right) ? (right as readonly Literal[]) : []);
  const [a, b] = [readers(left), readers(right)];
  switch (op) {
    case 'lt':
      return less(a, b);
    case 'le':
      return lessOrEqual(a, b);
    case 'gt':
      return less(b, a);
    case 'ge':
      return lessOrEqual(b, a);
    case 'eq':
      return () => equal(a, b);
    case 'ne':
      return negated(() => equal(a, b));
  }
};

const allOf =
  (tests: readonly Test[]): Test =>
  () => {
    let result: Truth = truth.yes;
    for (const test of tests) {
      const answer = test();
      if (answer === truth.no) return truth.no;
      if (answer === truth.maybe) result = truth.maybe;
    }
    return result;
  };

const anyOf =
  (tests: readonly Test[]): Test =>
  () => {
    let result: Truth = truth.no;
    for (const test of tests) {
      const answer = test();
      if (answer === truth.yes) return truth.yes;
      if (answer === truth.maybe) result = truth.maybe;
    }
    return result;
  };

const negated =
  (test: Test): Test =>
  () => {
    const answer = test();
    return answer === truth.maybe ? answer : answer === truth.yes ? truth.no : truth.yes;
  };

const exists =
  (reader: Reader): Test =>
  () =>
    reader.text() !== undefined || !Number.isNaN(reader.low()) ? truth.yes : truth.no;

const less =
  (a: Reader, b: Reader): Test =>
  () => {
    if (a.high() < b.low()) return truth.yes;
    return a.low() >= b.high() || isUnknown(a, b) ? truth.no : truth.maybe;
  };

const lessOrEqual =
  (a: Reader, b: Reader): Test =>
  () => {
    if (a.high() <= b.low()) return truth.yes;
    return a.low() > b.high() || isUnknown(a, b) ? truth.no : truth.maybe;
  };

const isUnknown = (a: Reader, b: Reader): boolean => Number.isNaN(a.low()) || Number.isNaN(b.low());

const equal = (a: Reader, b: Reader): Truth => {
  const [textA, textB] = [a.text(), b.text()];
  if (textA !== undefined || textB !== undefined) return textA === textB ? truth.yes : truth.no;
  if (isUnknown(a, b) || a.high() < b.low() || a.low() > b.high()) return truth.no;
  return a.low() === a.high() && b.low() === b.high() ? truth.yes : truth.maybe;
};

const isIn = (reader: Reader, values: readonly Literal[]): Test =>
  anyOf(
    values.map((value) => {
      const constant = scalarReader(() => value);
      return () => equal(reader, constant);
    }),
  );
