import type { Instant } from '../domain/instant.ts';
import { scoreOfKey } from '../domain/rank-key.ts';
import { compileVariant, type Variant } from './compile-variant.ts';
import { fixedMs } from './duration.ts';
import type { Decision } from './grader.ts';
import type { Model } from './model.ts';
import type { StabilityRule } from './stability.ts';

/** One segment of the model, compiled: its grades are the model's own. */
export interface CompiledSegment {
  readonly id: string | undefined;
  readonly model: Model;
  readonly variant: Variant;
  readonly stability: StabilityRule;
}

export const compileSegment = (model: Model, id: string | undefined, family: string): CompiledSegment => {
  const { dwell, maxStep } = model.stability ?? { dwell: { up: 'PT0S', down: 'PT0S' }, maxStep: null };
  return {
    id,
    model,
    variant: compileVariant(model, family),
    stability: { dwell: { up: fixedMs(dwell.up), down: fixedMs(dwell.down) }, maxStep },
  };
};

/** What the cuts of a decision come to as scores at its instant, by grade. */
export const cutScores = (
  { model, variant }: CompiledSegment,
  { rank }: Decision,
  now: Instant,
): Readonly<Record<string, number>> => {
  const { ranking, outcome } = variant;
  if (ranking === undefined || rank === undefined) return outcome.cutoffs.atLeast;
  const scores: Record<string, number> = {};
  const grades = model.grades.filter((grade) => grade.ranked);
  for (const [j, { cut }] of ranking.boundaries.entries()) {
    const key = rank.cuts.cuts[cut]?.key ?? null;
    const grade = grades[j];
    if (key !== null && grade !== undefined) scores[grade.id] = ranking.scoreOf(scoreOfKey(key), now);
  }
  return scores;
};
