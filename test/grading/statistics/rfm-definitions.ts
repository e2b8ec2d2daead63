import type { RfmSegment, ScoreRange } from '#shared/grading/statistics/rfm-segments.ts';

const segment = (name: string, recency: ScoreRange, frequency: ScoreRange, monetary: ScoreRange): RfmSegment => ({
  name,
  recency,
  frequency,
  monetary,
});

/** As the documentation of the R package rfm 0.3.0 gives them. */
export const documentedSegments: readonly RfmSegment[] = [
  segment('Champions', [5, 5], [5, 5], [5, 5]),
  segment('Potential Loyalist', [3, 5], [3, 5], [2, 5]),
  segment('Loyal Customers', [2, 4], [2, 4], [2, 4]),
  segment('Promising', [3, 4], [1, 3], [3, 5]),
  segment('New Customers', [4, 5], [1, 3], [1, 5]),
  segment("Can't Lose Them", [1, 2], [3, 4], [4, 5]),
  segment('At Risk', [1, 2], [2, 5], [4, 5]),
  segment('Need Attention', [1, 3], [3, 5], [3, 5]),
  segment('About To Sleep', [2, 3], [1, 3], [1, 4]),
  segment('Lost', [1, 1], [1, 5], [1, 5]),
];

/** As its tests define them: frequency and monetary always alike. */
export const testedSegments: readonly RfmSegment[] = [
  segment('Champions', [4, 5], [4, 5], [4, 5]),
  segment('Loyal Customers', [2, 5], [3, 5], [3, 5]),
  segment('Potential Loyalist', [3, 5], [1, 3], [1, 3]),
  segment('New Customers', [4, 5], [1, 1], [1, 1]),
  segment('Promising', [3, 4], [1, 1], [1, 1]),
  segment('Need Attention', [2, 3], [2, 3], [2, 3]),
  segment('About To Sleep', [2, 3], [1, 2], [1, 2]),
  segment('At Risk', [1, 2], [2, 5], [2, 5]),
  segment("Can't Lose Them", [1, 1], [4, 5], [4, 5]),
  segment('Lost', [1, 2], [1, 2], [1, 2]),
];
