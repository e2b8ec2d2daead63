import { calibrateIsotonic, calibratePlatt } from './calibrate.ts';
import { countWon, type Example, featureNames, targetsOf } from './example.ts';
import { guardFeatures } from './feature-guard.ts';
import type { Calibration, LogisticParams } from './fitted-params.ts';
import { regressLogits } from './logistic-regression.ts';
import { logisticScore } from './logistic-score.ts';
import {
  areaUnderCurve,
  brierScore,
  type Forecast,
  logLoss,
  type Prediction,
  type ReliabilityBin,
  reliability,
} from './prediction-quality.ts';
import { type Refused, refuse } from './refusal.ts';
import { splitByTime } from './time-split.ts';

export interface FittedLogistic {
  readonly ok: true;
  readonly params: LogisticParams;
  /** Judged by the latest examples, which neither fit nor calibration has seen. */
  readonly quality: LogisticQuality;
}

export interface LogisticQuality {
  readonly examples: number;
  readonly won: number;
  /** Undefined unless some were won and some lost. */
  readonly areaUnderCurve: number | undefined;
  /** Absent without probabilities. */
  readonly probabilities?: {
    readonly brierScore: number;
    readonly logLoss: number;
    readonly reliability: readonly ReliabilityBin[];
  };
}

export interface LogisticOptions {
  /** Strength of the penalty on weights of standardised features. */
  readonly penalty: number;
  readonly calibration: Calibration['method'];
  /** Features the author declares as known only after the outcome: one of them among the features is refused. */
  readonly knownAfterwards: readonly string[];
}

const fewestExamples = 100;
/** Of won and of lost, to fit on. */
const fewestOutcomes = 20;
/** Of the rarer outcome in all, below which a probability would pretend. */
const fewestForProbability = 200;

/**
 * Fits on the earliest 60 % of closed leads, calibrates on the next 20 %, judges by the latest 20 %. Refuses leaking
 * features, too few outcomes, and a score that does not rank later leads. Without some 200 won and lost it scores but
 * gives no probability.
 */
export const fitLogistic = (examples: readonly Example[], options: LogisticOptions): FittedLogistic | Refused => {
  const { fit, calibrate, judge } = splitByTime(examples);
  const refused = tooFew(fit) ?? guardFeatures(examples, options.knownAfterwards);
  if (refused !== undefined) return refused;
  const scores = regress(fit, options.penalty);
  if (scores === undefined) return unsettled;
  const later = predict(scores, calibrate);
  if ((areaUnderCurve(later) ?? 1) <= 0.5) return ranksNothing;
  const calibration = isEnoughForProbability(examples, calibrate) ? calibrateBy(options.calibration, later) : undefined;
  const params = calibration === undefined ? scores : { ...scores, calibration };
  return { ok: true, params, quality: qualityOf(params, judge) };
};

const regress = (examples: readonly Example[], penalty: number): LogisticParams | undefined => {
  const columns = featureNames(examples).map((name) => columnOf(name, examples));
  const rows = examples.map(({ features }) =>
    columns.map(({ name, typical, spread }) => ((features[name]?.value ?? typical) - typical) / spread),
  );
  const weights = regressLogits(rows, targetsOf(examples), penalty);
  if (weights === undefined) return undefined;
  const [intercept = 0, ...rest] = weights;
  return {
    intercept,
    features: Object.fromEntries(
      columns.map(({ name, typical, spread }, i) => [name, { weight: (rest[i] ?? 0) / spread, typical }]),
    ),
  };
};

/** `spread` is the standard deviation; 1 for what never varies, whose weight becomes 0. */
const columnOf = (name: string, examples: readonly Example[]): { name: string; typical: number; spread: number } => {
  const values = examples.flatMap(({ features }) => features[name]?.value ?? []);
  const typical = values.reduce((sum, each) => sum + each, 0) / values.length;
  const variance = values.reduce((sum, each) => sum + (each - typical) ** 2, 0) / values.length;
  return { name, typical, spread: variance > 0 ? Math.sqrt(variance) : 1 };
};

const predict = (params: LogisticParams, examples: readonly Example[]): Prediction[] =>
  examples.map(({ features, won }) => ({ score: logisticScore(params, valuesOf(features)).logOdds, won }));

const valuesOf = (features: Example['features']): Record<string, number> =>
  Object.fromEntries(Object.entries(features).map(([name, { value }]) => [name, value]));

const calibrateBy = (method: Calibration['method'], later: readonly Prediction[]): Calibration | undefined =>
  method === 'platt' ? calibratePlatt(later) : calibrateIsotonic(later);

const rarer = (examples: readonly Example[]): number => {
  const won = countWon(examples);
  return Math.min(won, examples.length - won);
};

const isEnoughForProbability = (all: readonly Example[], calibrate: readonly Example[]): boolean =>
  rarer(all) >= fewestForProbability && rarer(calibrate) >= fewestOutcomes;

const qualityOf = (params: LogisticParams, examples: readonly Example[]): LogisticQuality => {
  const forecasts = examples.flatMap(({ features, won }): Forecast[] => {
    const { probability } = logisticScore(params, valuesOf(features));
    return probability === undefined ? [] : [{ probability, won }];
  });
  const ranked = {
    examples: examples.length,
    won: countWon(examples),
    areaUnderCurve: areaUnderCurve(predict(params, examples)),
  };
  if (forecasts.length === 0) return ranked;
  return {
    ...ranked,
    probabilities: {
      brierScore: brierScore(forecasts),
      logLoss: logLoss(forecasts),
      reliability: reliability(forecasts),
    },
  };
};

const tooFew = (fit: readonly Example[]): Refused | undefined => {
  if (fit.length < fewestExamples)
    return refuse(
      'tooFewExamples',
      `${fit.length} closed leads to learn from are too few: at least ${fewestExamples} are needed, besides the latest 40 % that are kept for checking. Use hand-set weights until then.`,
      `可用于学习的已关闭线索只有 ${fit.length} 条（最新的 40 % 留作检验），至少需要 ${fewestExamples} 条。在此之前请使用人工权重。`,
    );
  if (rarer(fit) < fewestOutcomes)
    return refuse(
      'tooFewOutcomes',
      `${countWon(fit)} won and ${fit.length - countWon(fit)} lost leads to learn from are too few: at least ${fewestOutcomes} of each are needed. Use hand-set weights until then.`,
      `可用于学习的线索中赢单 ${countWon(fit)} 条、输单 ${fit.length - countWon(fit)} 条，各至少需要 ${fewestOutcomes} 条。在此之前请使用人工权重。`,
    );
  return undefined;
};

const unsettled = refuse(
  'notConverged',
  'These leads do not settle the weights: no clear best fit was found. Remove features that say the same, or raise the penalty.',
  '这些线索不足以确定权重：找不到明确的最优拟合。请去掉含义重复的特征，或加大惩罚系数。',
);

/** Also for other methods that predict the same outcomes. */
export const ranksNothing = refuse(
  'ranksNothing',
  'On later leads the score does not tell won from lost. Find other features, or use hand-set weights.',
  '在较新的线索上，该评分分不清赢单与输单。请换用其他特征，或使用人工权重。',
);
