import type { Instant } from '../../domain/instant.ts';
import { type ClosedLead, fitNaiveBayes, type NaiveBayesOptions } from './fit-naive-bayes.ts';
import { bayesProbability } from './naive-bayes.ts';
import { areaUnderCurve, brierScore, logLoss, type ReliabilityBin, reliability } from './prediction-quality.ts';
import { splitByTime } from './time-split.ts';

export interface ScoredLead extends ClosedLead {
  readonly scoredAt: Instant;
}

export interface BayesQuality {
  readonly examples: number;
  readonly won: number;
  /** Undefined unless some were won and some lost. */
  readonly areaUnderCurve: number | undefined;
  readonly brierScore: number;
  readonly logLoss: number;
  readonly reliability: readonly ReliabilityBin[];
}

/** Counts the earliest 80 % and judges by the rest. Undefined where those alone are too few. */
export const judgeNaiveBayes = (leads: readonly ScoredLead[], options: NaiveBayesOptions): BayesQuality | undefined => {
  const { fit, calibrate, judge } = splitByTime(leads);
  const fitted = fitNaiveBayes([...fit, ...calibrate], options);
  if (!fitted.ok || judge.length === 0) return undefined;
  const forecasts = judge.map(({ stage, values, won }) => ({
    probability: bayesProbability(fitted.params, { stage, values }).percent / 100,
    won,
  }));
  return {
    examples: judge.length,
    won: judge.filter(({ won }) => won).length,
    areaUnderCurve: areaUnderCurve(forecasts.map(({ probability, won }) => ({ score: probability, won }))),
    brierScore: brierScore(forecasts),
    logLoss: logLoss(forecasts),
    reliability: reliability(forecasts),
  };
};
