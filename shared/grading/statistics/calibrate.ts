import type { Calibration } from './fitted-params.ts';
import { logistic } from './log-space.ts';
import { regressLogits } from './logistic-regression.ts';
import type { Prediction } from './prediction-quality.ts';

/** What a score means as a probability, 0 to 1. */
export const calibrated = (calibration: Calibration, score: number): number =>
  calibration.method === 'platt'
    ? logistic(calibration.slope * score + calibration.offset)
    : interpolated(calibration.points, score);

/**
 * σ(slope · score + offset), fitted to targets drawn in from 0 and 1 as Platt 1999 has it, so that scores that separate
 * perfectly claim no certainty. Undefined when the scores do not differ.
 */
export const calibratePlatt = (predictions: readonly Prediction[]): Calibration | undefined => {
  const won = predictions.filter((each) => each.won).length;
  const high = (won + 1) / (won + 2);
  const low = 1 / (predictions.length - won + 2);
  const weights = regressLogits(
    predictions.map(({ score }) => [score]),
    predictions.map((each) => (each.won ? high : low)),
    0,
  );
  if (weights === undefined) return undefined;
  const [offset = 0, slope = 0] = weights;
  return { method: 'platt', slope, offset };
};

interface Block {
  readonly scores: number;
  readonly won: number;
  readonly count: number;
}

/** The rising steps nearest to the outcomes, by pooling adjacent violators; at least one prediction. */
export const calibrateIsotonic = (predictions: readonly Prediction[]): Calibration => {
  const blocks: Block[] = [];
  for (const block of equalScores(predictions)) {
    let pooled = block;
    for (let last = blocks.at(-1); last !== undefined && rateOf(last) >= rateOf(pooled); last = blocks.at(-1)) {
      blocks.pop();
      pooled = joined(last, pooled);
    }
    blocks.push(pooled);
  }
  return { method: 'isotonic', points: blocks.map((block) => [block.scores / block.count, rateOf(block)]) };
};

const rateOf = ({ won, count }: Block): number => won / count;

const joined = (a: Block, b: Block): Block => ({
  scores: a.scores + b.scores,
  won: a.won + b.won,
  count: a.count + b.count,
});

/** One block per score, lowest first: equal scores must get equal probabilities. */
const equalScores = (predictions: readonly Prediction[]): Iterable<Block> => {
  const byScore = new Map<number, Block>();
  for (const { score, won } of [...predictions].sort((a, b) => a.score - b.score)) {
    const one = { scores: score, won: won ? 1 : 0, count: 1 };
    const known = byScore.get(score);
    byScore.set(score, known === undefined ? one : joined(known, one));
  }
  return byScore.values();
};

const interpolated = (points: readonly (readonly [number, number])[], score: number): number => {
  const above = points.findIndex(([at]) => at > score);
  const [highAt, high] = points[above] ?? points.at(-1) ?? [0, 0];
  const [lowAt, low] = points[above - 1] ?? (above === 0 ? [highAt, high] : [highAt, high]);
  return highAt > lowAt ? low + ((score - lowAt) / (highAt - lowAt)) * (high - low) : high;
};
