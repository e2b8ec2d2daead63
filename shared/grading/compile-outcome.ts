import type { Instant } from '../domain/instant.ts';
import type { Calendar } from './calendar.ts';
import { type Cutoffs, compileCutoffs } from './compile-cutoffs.ts';
import { compileExpression, type Test, truth } from './compile-expression.ts';
import { compileGuards } from './compile-guards.ts';
import type { Ranking } from './compile-ranking.ts';
import { axisReaderOf, type CompiledTag, compileTag } from './compile-tag.ts';
import { customerReaders } from './customer-readers.ts';
import type { Model } from './model.ts';
import { groupNames } from './score-groups.ts';
import type { View } from './view.ts';

/** What a view comes to, by places in the model's lists. −1: none. */
export interface Outcome {
  inScope: boolean;
  /** How many thresholds the customer is beyond. */
  zone: number;
  /** The grade by cut-offs alone: a place among all grades. */
  raw: number;
  /** What exit bands and guards make of it. */
  asked: number;
  /** Place of the guard that decided: that named the grade, or whose cap or floor moved it. */
  guard: number;
  readonly tags: readonly (string | undefined)[];
}

export interface OutcomeMachine {
  /**
   * Looks at the view and remembers; `held` is the place of the grade that is held, `ranked` tells the zone under rank cuts. The
   * result is overwritten by the next call.
   */
  readonly decide: (held: number, ranked: () => number) => Outcome;
  /** True when the view, at an instant or all through a stretch of time, certainly comes to what was decided. */
  readonly isSame: () => boolean;
  /** As `isSame` where only the score can have changed: for models whose guards and tags look at nothing derived from it. */
  readonly isSameByScore: () => boolean;
  /** When a guard next lapses by itself, after an instant; Infinity: never. */
  readonly lapses: (after: Instant) => Instant;
  readonly cutoffs: Cutoffs;
}

export interface OutcomeParts {
  readonly model: Model;
  readonly view: View;
  readonly indexOf: ReadonlyMap<string, number>;
  readonly calendar: Calendar;
  readonly ranking: Ranking | undefined;
}

export const compileOutcome = ({ model, view, indexOf, calendar, ranking }: OutcomeParts): OutcomeMachine => {
  const readers = customerReaders(model, view, indexOf);
  const scope: Test = model.scope === undefined ? () => truth.yes : compileExpression(model.scope.when, readers);
  const guards = compileGuards(model, view, readers, calendar);
  const axis = axisReaderOf(view, groupNames(model));
  const tags = Object.values(model.tags).map((tag) => compileTag(tag, view, readers, axis));
  const cutoffs = compileCutoffs(model, view, axis, ranking);
  const outcome = {
    inScope: false,
    zone: 0,
    raw: -1,
    asked: -1,
    guard: -1,
    tags: tags.map((): string | undefined => undefined),
  };
  let [holds, standing, fired] = [-1, -1, -1];

  /** What a standing comes to by the guard that fired, and whether that guard is named as the reason. */
  const means = (place: number): number => {
    const guard = guards[fired];
    if (guard === undefined) return place * 2;
    const asked = guard.becomes(place, holds);
    return asked * 2 + (guard.names || asked !== place ? 1 : 0);
  };

  const applyFirstGuard = (): void => {
    for (let i = 0; i < guards.length; i += 1) {
      const guard = guards[i];
      if (guard?.test() !== truth.yes) continue;
      fired = i;
      outcome.asked = guard.becomes(standing, holds);
      if (guard.names || outcome.asked !== standing) outcome.guard = i;
      return;
    }
  };
  const guardsAgree = (): boolean => {
    for (const [i, guard] of guards.entries()) {
      const answer = guard.test();
      if (answer === truth.maybe) return false;
      if (answer === truth.no) continue;
      const asked = guard.becomes(standing, holds);
      return asked === outcome.asked && (guard.names || asked !== standing ? i : -1) === outcome.guard;
    }
    return outcome.guard === -1 && outcome.asked === standing;
  };
  const isSameByScore = (): boolean => !outcome.inScope || cutoffs.isSame(holds, means);
  return {
    decide: (held, ranked) => {
      holds = held;
      outcome.inScope = scope() === truth.yes;
      outcome.zone = cutoffs.find(outcome.inScope ? ranked() : 0);
      outcome.raw = cutoffs.raw();
      outcome.asked = standing = cutoffs.standing(held);
      outcome.guard = fired = -1;
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
    lapses: (after) => {
      let next = Number.POSITIVE_INFINITY;
      for (const { until } of guards) {
        const end = until();
        if (end > after && end < next) next = end;
      }
      return next;
    },
    cutoffs,
  };
};

const stillHolds = ({ isSame }: CompiledTag): boolean => isSame();
