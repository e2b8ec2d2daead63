import type { ModelShape } from './model-shape.ts';

/** Names of the groups that a score is made of, in order; none where one signal is the score. */
export const groupNames = ({ score }: Pick<ModelShape, 'score'>): readonly string[] =>
  score.combine === 'weightedSum' ? Object.keys(score.groups) : [];

/** In millionths, as points are counted: a sum must not drift from what the parts say. */
export const sumOfPoints = (points: readonly number[]): number =>
  points.reduce((micro, one) => micro + Math.round(one * 1e6), 0) / 1e6;
