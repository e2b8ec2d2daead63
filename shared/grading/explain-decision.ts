import type { Cause, Contribution } from '../domain/change.ts';
import type { Instant } from '../domain/instant.ts';
import type { Distance, Reasons } from '../domain/reasons.ts';
import { cellsNextTo } from './cells-next-to.ts';
import { type CompiledSegment, cutScores } from './compile-segment.ts';
import { cutDistance } from './cut-distance.ts';
import { findCounterfactuals } from './find-counterfactuals.ts';
import type { CompiledGrader, Explainable, Explained } from './grader.ts';
import { projectGrades } from './project-grades.ts';
import { weighReasons } from './weigh-reasons.ts';

/** Several times the cost of grading: for changes and for people who ask, not for every decision. */
export const explainDecision = (grader: CompiledGrader, segment: CompiledSegment, decided: Explainable): Explained => {
  const { profile, now, standing, graded, cause } = decided;
  const { model } = segment;
  const plain = grader.contributions(profile, now);
  const { dwell = noDwell } = model.stability ?? {};
  const most = model.explain.projection ? mostSteps : 0;
  const { steps, next } = projectGrades(grader, { profile, graded, standing, dwell, most });
  if (graded.score === null) return { contributions: plain, reasons: undefined, next };
  const below = graded.raw === null ? undefined : cutScores(segment, graded, now)[graded.raw];
  const { contributions, baseline, caps } = weighReasons(
    model,
    plain,
    below === undefined || graded.raw === null ? undefined : { grade: graded.raw, score: below },
  );
  const distance = distanceOf(segment, decided, plain);
  const displaced = displacedOf(segment, cause, now);
  return {
    contributions,
    next,
    reasons: {
      baseline,
      caps,
      distance,
      counterfactuals: model.explain.counterfactual
        ? [...findCounterfactuals(grader, { ...decided, model, decision: graded, contributions: plain, distance })]
        : [],
      projection: [...steps],
      ...(displaced === undefined ? {} : { displaced }),
    },
  };
};

const mostSteps = 3;
const noDwell = { up: 'PT0S', down: 'PT0S' };

const distanceOf = (
  segment: CompiledSegment,
  { graded, now }: Explainable,
  contributions: readonly Contribution[],
): Distance => {
  if (graded.hold !== undefined) return {}; // cuts do not decide
  const cells = cellsNextTo(segment.model, contributions);
  return { ...cutDistance(segment, graded, now), ...(cells.length === 0 ? {} : { cells: [...cells] }) };
};

/** The cut that moved, by the grade it belongs to, in scores as a reader knows them. */
const displacedOf = (
  { model, variant }: CompiledSegment,
  cause: Cause | undefined,
  now: Instant,
): Reasons['displaced'] => {
  const { ranking } = variant;
  if (cause?.type !== 'displaced' || cause.displacement === undefined || ranking === undefined) return undefined;
  const { threshold, from, to, passed } = cause.displacement;
  const boundary = ranking.boundaries.findIndex((one) => [one.cut, one.enter, one.leave].includes(threshold));
  const grade = model.grades.filter(({ ranked }) => ranked)[boundary]?.id;
  if (grade === undefined) return undefined;
  const told = (number: number | null): number | null => (number === null ? null : ranking.scoreOf(number, now));
  return { grade, from: told(from), to: told(to), passed };
};
