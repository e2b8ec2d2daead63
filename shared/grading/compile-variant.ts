import type { Contribution } from '../domain/change.ts';
import type { CohortSpec } from '../domain/cohort.ts';
import type { Instant } from '../domain/instant.ts';
import type { Profile } from '../domain/profile.ts';
import { calendarOf } from './calendar.ts';
import { compileOutcome, type Outcome, type OutcomeMachine } from './compile-outcome.ts';
import { compileRanking, type Ranking } from './compile-ranking.ts';
import { compileScore } from './compile-score.ts';
import { compileSignals } from './compile-signals.ts';
import { areRelative } from './cutoffs-shape.ts';
import type { Model } from './model.ts';
import { compileNextInstant } from './next-instant.ts';
import { groupNames } from './score-groups.ts';
import { createView } from './view.ts';
import { watchedBy } from './watched.ts';

/** One segment's model, or the model where there are none, as closures over memory of its own. */
export interface Variant {
  readonly ranking: Ranking | undefined;
  readonly spec: CohortSpec | undefined;
  readonly outcome: OutcomeMachine;
  /** Fills the view from a profile. To be called before everything below. */
  readonly load: (profile: Profile, now: Instant) => void;
  readonly decide: (held: number, ranked: () => number) => Outcome;
  readonly score: () => number;
  /** To be called right after a decision; moves the view on. */
  readonly nextInstant: (now: Instant) => Instant | undefined;
  /** Of the view as loaded. */
  readonly contributions: () => Contribution[];
}

/** `family` is what the ids of its cohorts begin with. */
export const compileVariant = (model: Model, family: string): Variant => {
  const indexOf = new Map(Object.keys(model.signals).map((id, index) => [id, index]));
  const view = createView(indexOf.size, groupNames(model).length);
  const calendar = calendarOf(model.timezone);
  const signals = compileSignals(model, view, indexOf, calendar);
  const score = compileScore(model, view, indexOf);
  const { cutoffs } = model;
  const ranking = areRelative(cutoffs)
    ? compileRanking({ model, cutoffs, family, view, indexOf, rankValues: signals.rankValues, calendar })
    : undefined;
  const outcome = compileOutcome({ model, view, indexOf, calendar, ranking });
  const nextInstant = compileNextInstant({
    moving: signals.moving,
    score,
    outcome,
    watched: watchedBy(model, indexOf),
    view,
  });

  // what the view shows, until the look ahead moves it on: reasons are mostly asked for right after a decision
  let shown: Profile | undefined;
  let shownAt = 0;
  return {
    ranking,
    spec: ranking?.spec,
    outcome,
    load: (profile, now) => {
      if (shown === profile && shownAt === now) return;
      signals.load(profile, now);
      score.evaluate();
      view.time.fill(now);
      shown = profile;
      shownAt = now;
    },
    decide: (held, ranked) => outcome.decide(held, ranked),
    score: () => view.score[0] ?? 0,
    nextInstant: (now) => {
      shown = undefined;
      return nextInstant(now);
    },
    contributions: () => score.contributions().sort(byWeightOfReason),
  };
};

const byWeightOfReason = (a: Contribution, b: Contribution): number =>
  Math.abs(b.points) - Math.abs(a.points) || (a.factor < b.factor ? -1 : a.factor > b.factor ? 1 : 0);
