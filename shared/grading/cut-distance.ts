import { tooFew } from '../domain/cohort.ts';
import { placesWithin, readThreshold } from '../domain/cohort-amount.ts';
import type { Instant } from '../domain/instant.ts';
import { scoreOfKey } from '../domain/rank-key.ts';
import type { Distance } from '../domain/reasons.ts';
import { bandAround } from './compile-cutoffs.ts';
import type { CompiledSegment } from './compile-segment.ts';
import type { Decision } from './grader.ts';
import type { Model } from './model.ts';
import type { Boundary } from './zones.ts';

/** Between a ranked grade and the next worse one. Undefined: nobody is inside. */
interface Cut {
  /** As one that holds no ranked grade has to reach it. */
  readonly cut: Limit | undefined;
  /** As one that holds a worse grade has to reach it. */
  readonly enter: Limit | undefined;
  /** As one that holds this grade, or a better one, has to stay above it. */
  readonly leave: Limit | undefined;
}

interface Limit {
  readonly score: number;
  /** How many places lie within it; undefined where it does not count places. */
  readonly places: number | undefined;
}

/**
 * How far a decided customer is from the cuts next to it, for one that holds the grade just decided, in scores at the instant of
 * the decision. Nothing where a table decides: see {@link cellsNextTo}.
 */
export const cutDistance = (segment: CompiledSegment, decided: Decision, now: Instant): Distance => {
  const { model, variant } = segment;
  const { score, zone } = decided;
  const cuts = cutsOf(segment, decided, now);
  if (score === null || cuts.length === 0) return {};
  const grades = model.grades.filter(({ ranked }) => ranked).map(({ id }) => id);
  const holds = model.grades.findIndex(({ id }) => id === decided.effective);
  const held = grades.indexOf(decided.effective ?? '');
  const standing = model.grades[variant.outcome.cutoffs.again({ score, zone, held: holds }).standing]?.id ?? '';
  const place = grades.indexOf(standing);
  const limitOf = (j: number): Limit | undefined =>
    held < 0 ? cuts[j]?.cut : held <= j ? cuts[j]?.leave : cuts[j]?.enter;
  const own = ownPlace(segment, decided);
  return {
    ...betterCut(grades[place - 1], limitOf(place - 1), score, own),
    ...cutBelow(grades[place + 1], { leave: limitOf(place), enter: cuts[place]?.enter }, score, own),
  };
};

const betterCut = (
  grade: string | undefined,
  limit: Limit | undefined,
  score: number,
  own: number | undefined,
): Pick<Distance, 'better'> => {
  // above the cut and yet not in the grade: a limit on scores of zero or less, not the cut, keeps the customer out
  if (grade === undefined || limit === undefined || limit.score < score) return {};
  const places = own === undefined || limit.places === undefined ? 0 : own - limit.places;
  const margin = rounded(limit.score - score);
  return { better: { grade, enter: limit.score, margin, ...(places > 0 ? { places } : {}) } };
};

const cutBelow = (
  grade: string | undefined,
  { leave, enter }: { readonly leave: Limit | undefined; readonly enter: Limit | undefined },
  score: number,
  own: number | undefined,
): Pick<Distance, 'below'> => {
  if (grade === undefined || leave === undefined) return {};
  const places = own === undefined || leave.places === undefined ? 0 : leave.places - own;
  return {
    below: {
      grade,
      ...(enter === undefined ? {} : { enter: enter.score }),
      leave: leave.score,
      margin: Math.max(0, rounded(score - leave.score)),
      ...(places > 0 ? { places } : {}),
    },
  };
};

/** To a millionth, as scores are counted. */
const rounded = (margin: number): number => Math.round(margin * 1e6) / 1e6;

/** By boundary between ranked grades, best first. */
const cutsOf = (segment: CompiledSegment, decided: Decision, now: Instant): readonly Cut[] => {
  const { cutoffs, stability } = segment.model;
  if (cutoffs.method === 'matrix') return [];
  if (cutoffs.method === 'absolute') return scoreCuts(cutoffs.atLeast, stability?.hysteresis);
  if (decided.zone === tooFew) return scoreCuts(cutoffs.fallback?.atLeast ?? {}, undefined);
  return (segment.variant.ranking?.boundaries ?? []).map((boundary) => rankCut(segment, decided, boundary, now));
};

const scoreCuts = (
  atLeast: Readonly<Record<string, number>>,
  band: NonNullable<Model['stability']>['hysteresis'],
): readonly Cut[] =>
  Object.values(atLeast).map((cut) => {
    const { enter, leave } = bandAround(cut, band);
    const limit = (score: number): Limit => ({ score, places: undefined });
    return { cut: limit(cut), enter: limit(enter), leave: limit(leave) };
  });

const rankCut = ({ variant }: CompiledSegment, { rank }: Decision, boundary: Boundary, now: Instant): Cut => {
  const { ranking } = variant;
  const limit = (threshold: number): Limit | undefined => {
    const key = rank?.cuts.cuts[threshold]?.key ?? null;
    if (ranking === undefined || rank === undefined || key === null) return undefined;
    const { method, thresholds } = ranking.spec;
    return {
      score: ranking.scoreOf(scoreOfKey(key), now),
      places:
        method === 'rank' ? placesWithin(readThreshold(thresholds[threshold] ?? '0'), rank.cuts.members) : undefined,
    };
  };
  return { cut: limit(boundary.cut), enter: limit(boundary.enter), leave: limit(boundary.leave) };
};

/** Known of the one customer that is the last inside of a threshold: the cuts tell of nobody else. */
const ownPlace = ({ variant }: CompiledSegment, { rank, zone }: Decision): number | undefined => {
  const spec = variant.ranking?.spec;
  if (spec?.method !== 'rank' || spec.ties !== 'byKey' || rank === undefined) return undefined;
  if (zone < 0 || rank.cuts.cuts[zone]?.key !== rank.key) return undefined;
  return placesWithin(readThreshold(spec.thresholds[zone] ?? '0'), rank.cuts.members);
};
