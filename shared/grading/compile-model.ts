import type { Contribution } from '../domain/change.ts';
import type { Instant } from '../domain/instant.ts';
import type { Profile } from '../domain/profile.ts';
import { compileOutcome, type Outcome } from './compile-outcome.ts';
import { compileScore } from './compile-score.ts';
import { compileSignals } from './compile-signals.ts';
import type { CompiledGrader, Decision } from './grader.ts';
import type { Model } from './model.ts';
import { compileNextInstant } from './next-instant.ts';
import { createView } from './view.ts';
import { watchedBy } from './watched.ts';

/**
 * Turns a model into closures, once; `hash` is the content hash of its file. The grader works on memory of its own that
 * it reuses, so it must not be called from within itself; what it returns is never touched again.
 */
export const compileModel = (model: Model, hash: string): CompiledGrader => {
  const indexOf = new Map(Object.keys(model.signals).map((id, index) => [id, index]));
  const groups = model.score.combine === 'weightedSum' ? Object.keys(model.score.groups).length : 0;
  const view = createView(indexOf.size, groups);
  const signals = compileSignals(model, view, indexOf);
  const score = compileScore(model, view, indexOf);
  const outcome = compileOutcome(model, view, indexOf);
  const nextInstant = compileNextInstant({
    moving: signals.moving,
    score,
    outcome,
    watched: watchedBy(model, indexOf),
  });
  const describe = describer(model);

  // what the view shows, until the look ahead moves it on: reasons are mostly asked for right after a decision
  let shown: Profile | undefined;
  let shownAt = 0;
  const load = (profile: Profile, now: Instant): void => {
    signals.load(profile, now);
    score.evaluate();
    shown = profile;
    shownAt = now;
  };
  const decide = (profile: Profile, now: Instant): Decision => {
    load(profile, now);
    return describe(outcome.decide(), view.score[0] ?? 0);
  };
  return {
    model: { id: model.id, version: model.version, hash },
    grades: [...model.grades.filter(({ ranked }) => ranked), ...model.grades.filter(({ ranked }) => !ranked)].map(
      ({ id, ranked, label }) => ({ id, ranked, label }),
    ),
    cuts: model.cutoffs.atLeast,
    decide,
    grade: (profile, now) => {
      const decision = decide(profile, now);
      shown = undefined;
      const next = nextInstant(now);
      return next === undefined ? decision : { ...decision, next };
    },
    contributions: (profile, now) => {
      if (shown !== profile || shownAt !== now) load(profile, now);
      return score.contributions().sort(byWeightOfReason);
    },
  };
};

const byWeightOfReason = (a: Contribution, b: Contribution): number =>
  Math.abs(b.points) - Math.abs(a.points) || (a.factor < b.factor ? -1 : a.factor > b.factor ? 1 : 0);

const noTags: Readonly<Record<string, string>> = Object.freeze({});
const outside: Decision = Object.freeze({ score: null, raw: null, effective: null, tags: noTags });

const describer = (model: Model): ((outcome: Outcome, score: number) => Decision) => {
  const grades = model.grades.map(({ id }) => id);
  const guards = model.guards.map(({ id }) => id);
  const names = Object.keys(model.tags);
  const tagsOf = (labels: readonly (string | undefined)[]): Readonly<Record<string, string>> => {
    if (names.length === 0) return noTags;
    const tags: Record<string, string> = {};
    for (const [i, name] of names.entries()) {
      const label = labels[i];
      if (label !== undefined) tags[name] = label;
    }
    return tags;
  };
  return ({ inScope, raw, effective, guard, tags }, score) => {
    if (!inScope) return outside;
    const rawGrade = grades[raw] ?? null;
    const grade = grades[effective] ?? null;
    const by = guard < 0 ? undefined : guards[guard]; // reading before a list is slow
    if (by === undefined) return { score, raw: rawGrade, effective: grade, tags: tagsOf(tags) };
    return { score, raw: rawGrade, effective: grade, guard: by, tags: tagsOf(tags) };
  };
};
