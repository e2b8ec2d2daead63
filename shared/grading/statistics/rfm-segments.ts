import type { RfmScores } from './rfm.ts';

/** Lowest and highest score, both included. */
export type ScoreRange = readonly [lowest: number, highest: number];

/** A box of scores with a name. */
export interface RfmSegment {
  readonly name: string;
  readonly recency: ScoreRange;
  readonly frequency: ScoreRange;
  readonly monetary: ScoreRange;
}

/** Who is in none. */
export const otherCustomers = 'Others';

/** The first segment, in their order, whose box holds the scores. */
export const segmentOf = (scores: RfmScores, segments: readonly RfmSegment[]): string =>
  segments.find((segment) => holds(segment, scores))?.name ?? otherCustomers;

const holds = (segment: RfmSegment, scores: RfmScores): boolean =>
  isWithin(scores.recency, segment.recency) &&
  isWithin(scores.frequency, segment.frequency) &&
  isWithin(scores.monetary, segment.monetary);

const isWithin = (score: number, [lowest, highest]: ScoreRange): boolean => lowest <= score && score <= highest;

export interface SegmentLint {
  /** Segments nobody can be in, and the earlier ones that take everybody; none when the box itself is empty. */
  readonly unreachable: readonly { readonly name: string; readonly takenBy: readonly string[] }[];
  /** Scores that belong to no segment. */
  readonly gaps: readonly RfmScores[];
}

/** Looks at every combination of scores. */
export const lintSegments = (segments: readonly RfmSegment[], bins = 5): SegmentLint => {
  const first = new Map<RfmSegment, Set<RfmSegment>>(segments.map((segment) => [segment, new Set()]));
  const gaps: RfmScores[] = [];
  for (const scores of everyScore(bins)) {
    const holding = segments.filter((segment) => holds(segment, scores));
    const [taker] = holding;
    if (taker === undefined) gaps.push(scores);
    else for (const segment of holding) first.get(segment)?.add(taker);
  }
  const unreachable = [...first].flatMap(([segment, takers]) =>
    takers.has(segment) ? [] : [{ name: segment.name, takenBy: [...takers].map(({ name }) => name) }],
  );
  return { unreachable, gaps };
};

const everyScore = (bins: number): RfmScores[] => {
  const range = Array.from({ length: bins }, (_, i) => i + 1);
  return range.flatMap((recency) =>
    range.flatMap((frequency) => range.map((monetary) => ({ recency, frequency, monetary }))),
  );
};
