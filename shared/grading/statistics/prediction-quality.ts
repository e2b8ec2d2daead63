/** A score, in any unit that rises with the chance, and what came of it. */
export interface Prediction {
  readonly score: number;
  readonly won: boolean;
}

/** A probability, 0 to 1, and what came of it. */
export interface Forecast {
  readonly probability: number;
  readonly won: boolean;
}

/**
 * How often someone won has a higher score than someone lost, ties counting half (Mann and Whitney). Undefined unless both
 * are there.
 */
export const areaUnderCurve = (predictions: readonly Prediction[]): number | undefined => {
  const sorted = [...predictions].sort((a, b) => a.score - b.score);
  const won = sorted.filter((each) => each.won).length;
  const lost = sorted.length - won;
  if (won === 0 || lost === 0) return undefined;
  let rankSum = 0;
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    while (end < sorted.length && sorted[end]?.score === sorted[start]?.score) end += 1;
    // places start + 1 … end share their mean
    rankSum += ((start + 1 + end) / 2) * sorted.slice(start, end).filter((each) => each.won).length;
  }
  return (rankSum - (won * (won + 1)) / 2) / (won * lost);
};

/** The mean squared distance from what happened: 0 is perfect, always saying the base rate p scores p·(1 − p). */
export const brierScore = (forecasts: readonly Forecast[]): number =>
  mean(forecasts.map(({ probability, won }) => (probability - (won ? 1 : 0)) ** 2));

/** The least probability the logarithm looks at: a single certain miss would otherwise be infinite. */
const certain = 1e-15;

/** The mean of −ln of the probability given to what happened. */
export const logLoss = (forecasts: readonly Forecast[]): number =>
  mean(forecasts.map(({ probability, won }) => -Math.log(Math.max(certain, won ? probability : 1 - probability))));

export interface ReliabilityBin {
  readonly examples: number;
  /** Mean probability. */
  readonly said: number;
  /** Share that was won. */
  readonly happened: number;
}

/** Forecasts in order of their probability, in ten parts of equal size: in each, what was said and what happened. */
export const reliability = (forecasts: readonly Forecast[], parts = 10): ReliabilityBin[] => {
  const sorted = [...forecasts].sort((a, b) => a.probability - b.probability);
  return Array.from({ length: parts }, (_, i) =>
    sorted.slice(Math.floor((i * sorted.length) / parts), Math.floor(((i + 1) * sorted.length) / parts)),
  )
    .filter((part) => part.length > 0)
    .map((part) => ({
      examples: part.length,
      said: mean(part.map(({ probability }) => probability)),
      happened: mean(part.map(({ won }) => (won ? 1 : 0))),
    }));
};

const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
