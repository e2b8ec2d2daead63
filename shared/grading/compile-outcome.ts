import { compileExpression, numberReader, type Reader, scalarReader, type Test, truth } from './compile-expression.ts';
import { type CompiledTag, compileTag } from './compile-tag.ts';
import type { Operand } from './expression.ts';
import type { Guard, ModelShape } from './model-shape.ts';
import { scalarAt, type View } from './view.ts';

/** What a view comes to, by places in the model's lists. −1: none. */
export interface Outcome {
  inScope: boolean;
  /** Place among all grades. */
  raw: number;
  effective: number;
  /** Place of the guard that decided: that named the grade, or whose cap or floor moved it. */
  guard: number;
  readonly tags: readonly (string | undefined)[];
}

export interface OutcomeMachine {
  /** Looks at the view and remembers. The result is overwritten by the next call. */
  decide(): Outcome;
  /** True when the view, at an instant or all through a stretch of time, certainly comes to what was decided. */
  isSame(): boolean;
  /** As `isSame` where only the score can have changed: for models whose guards and tags look at nothing derived from it. */
  isSameByScore(): boolean;
}

interface CompiledGuard {
  readonly test: Test;
  /** Which grade a raw one becomes. */
  readonly becomes: readonly number[];
  readonly names: boolean;
}

export const compileOutcome = (model: ModelShape, view: View, indexOf: ReadonlyMap<string, number>): OutcomeMachine => {
  const readers = customerReaders(model, view, indexOf);
  const scope: Test = model.scope === undefined ? () => truth.yes : compileExpression(model.scope.when, readers);
  const guards = model.guards.map((guard) => compileGuard(model, compileExpression(guard.when, readers), guard));
  const tags = Object.values(model.tags).map((tag) => compileTag(tag, view, readers, Object.keys(groupsOf(model))));
  const gradeAt = compileCutoffs(model);
  const outcome = {
    inScope: false,
    raw: -1,
    effective: -1,
    guard: -1,
    tags: tags.map((): string | undefined => undefined),
  };

  const applyFirstGuard = (): void => {
    for (let i = 0; i < guards.length; i += 1) {
      const guard = guards[i];
      if (guard?.test() !== truth.yes) continue;
      outcome.effective = guard.becomes[outcome.raw] ?? outcome.raw;
      if (guard.names || outcome.effective !== outcome.raw) outcome.guard = i;
      return;
    }
  };
  const guardsAgree = (): boolean => {
    for (const [i, { test, becomes, names }] of guards.entries()) {
      const answer = test();
      if (answer === truth.maybe) return false;
      if (answer === truth.no) continue;
      const effective = becomes[outcome.raw] ?? outcome.raw;
      return effective === outcome.effective && (names || effective !== outcome.raw ? i : -1) === outcome.guard;
    }
    return outcome.guard === -1 && outcome.effective === outcome.raw;
  };
  const isSameByScore = (): boolean => {
    const low = view.score[0] ?? 0;
    const high = view.score[1] ?? 0;
    return !outcome.inScope || (gradeAt(low) === outcome.raw && (low === high || gradeAt(high) === outcome.raw));
  };
  return {
    decide: () => {
      outcome.inScope = scope() === truth.yes;
      outcome.raw = outcome.effective = gradeAt(view.score[0] ?? 0);
      outcome.guard = -1;
      applyFirstGuard();
      for (let t = 0; t < tags.length; t += 1) outcome.tags[t] = tags[t]?.label();
      return outcome;
    },
    isSame: () => {
      const answer = scope();
      if (answer === truth.maybe || (answer === truth.yes) !== outcome.inScope) return false;
      return !outcome.inScope || (isSameByScore() && guardsAgree() && tags.every(stillHolds));
    },
    isSameByScore,
  };
};

const stillHolds = ({ isSame }: CompiledTag): boolean => isSame();

const groupsOf = ({ score }: ModelShape): Readonly<Record<string, unknown>> =>
  score.combine === 'weightedSum' ? score.groups : {};

/** Grades begin at their cut-off (≥); below all of them the last ranked grade holds. */
const compileCutoffs = ({ grades, cutoffs }: ModelShape): ((score: number) => number) => {
  const ranked = grades.flatMap(({ ranked }, i) => (ranked ? [i] : []));
  const from = Float64Array.from(Object.values(cutoffs.atLeast));
  return (score) => {
    let i = 0;
    while (i < from.length && !(score >= (from[i] ?? 0))) i += 1;
    return ranked[i] ?? -1;
  };
};

const compileGuard = ({ grades }: ModelShape, test: Test, { then }: Guard): CompiledGuard => {
  const placeOf = (grade: string): number => grades.findIndex(({ id }) => id === grade);
  const places = grades.map((_, place) => place);
  if ('grade' in then) return { test, names: true, becomes: places.map(() => placeOf(then.grade)) };
  if ('cap' in then) return { test, names: false, becomes: places.map((place) => Math.max(place, placeOf(then.cap))) };
  return { test, names: false, becomes: places.map((place) => Math.min(place, placeOf(then.floor))) };
};

const customerReaders = (
  model: ModelShape,
  view: View,
  indexOf: ReadonlyMap<string, number>,
): ((operand: Operand) => Reader) => {
  const groups = Object.keys(groupsOf(model));
  return (operand) => {
    if (typeof operand !== 'object') return scalarReader(() => operand);
    if ('signal' in operand) return signalReader(view, indexOf.get(operand.signal) ?? 0);
    if ('field' in operand) return scalarReader(() => scalarAt(view.attributes, operand.field));
    if ('group' in operand) return arrayReader(view.groupLow, view.groupHigh, groups.indexOf(operand.group));
    if ('coverage' in operand) return arrayReader(view.coverage, view.coverage, groups.indexOf(operand.coverage));
    if ('score' in operand)
      return numberReader(
        () => view.score[0] ?? Number.NaN,
        () => view.score[1] ?? Number.NaN,
      );
    return scalarReader(() => undefined);
  };
};

const arrayReader = (low: Float64Array, high: Float64Array, index: number): Reader =>
  numberReader(
    () => low[index] ?? Number.NaN,
    () => high[index] ?? Number.NaN,
  );

const signalReader = (view: View, index: number): Reader => ({
  ...arrayReader(view.low, view.high, index),
  text: () => view.texts[index],
});
