import type { Instant } from '../domain/instant.ts';
import type { Calendar } from './calendar.ts';
import { placeOf } from './compile-cutoffs.ts';
import { compileExpression, type Readers, type Test, truth } from './compile-expression.ts';
import type { Operand } from './expression.ts';
import type { Model } from './model.ts';
import { readInstant } from './read-instant.ts';
import { scalarAt, type View } from './view.ts';

/** Grades are places among all of the model's. */
export interface CompiledGuard {
  /** As of the view's time. */
  readonly test: Test;
  /** What the grade that cut-offs ask for becomes, for a customer that holds `held`; −1: none. */
  readonly becomes: (asked: number, held: number) => number;
  /** It is named as the reason even where it changes nothing. */
  readonly names: boolean;
  /** When it lapses by itself; Infinity: never. */
  readonly until: () => Instant;
}

export const compileGuards = (
  model: Model,
  view: View,
  readers: Readers<Operand>,
  calendar: Calendar,
): readonly CompiledGuard[] =>
  model.guards.map(({ when, then }) => {
    const test = compileExpression(when, readers);
    if ('hold' in then) return holding(model, view, then, test, calendar);
    const lasting = { test, until: forEver };
    if ('grade' in then) {
      const place = placeOf(model, then.grade);
      return { ...lasting, names: true, becomes: () => place };
    }
    if ('cap' in then) {
      const place = placeOf(model, then.cap);
      return { ...lasting, names: false, becomes: (asked) => (asked > place ? asked : place) };
    }
    const place = placeOf(model, then.floor);
    return { ...lasting, names: false, becomes: (asked) => (asked < place ? asked : place) };
  });

const forEver = (): Instant => Number.POSITIVE_INFINITY;

type Hold = Extract<Model['guards'][number]['then'], { hold: true }>;

/** The grade that a field names; where it names none of the model's, the one that is held. */
const holding = (model: Model, view: View, { grade, until }: Hold, when: Test, calendar: Calendar): CompiledGuard => {
  const field = grade?.field ?? 'manualGrade';
  const untilOf = (): Instant =>
    (until === undefined ? undefined : readInstant(scalarAt(view.attributes, until.field), calendar)) ?? forEver();
  return {
    names: true,
    until: untilOf,
    test: () => {
      const end = untilOf();
      if ((view.time[0] ?? 0) >= end) return truth.no;
      const answer = when();
      return answer === truth.yes && (view.time[1] ?? 0) >= end ? truth.maybe : answer;
    },
    becomes: (asked, held) => {
      const named = placeOf(model, String(scalarAt(view.attributes, field) ?? ''));
      if (named >= 0) return named;
      return held >= 0 ? held : asked;
    },
  };
};
