import { calibrated } from './calibrate.ts';
import type { LogisticParams } from './fitted-params.ts';

export interface LogisticScore {
  readonly logOdds: number;
  /** 0 to 1; absent where the fit has too few outcomes to speak of probabilities. */
  readonly probability?: number;
  /** What each feature adds to the log-odds of a typical lead; with the intercept they sum to `logOdds`. */
  readonly contributions: readonly { readonly feature: string; readonly logOdds: number }[];
}

/** A value left out is unknown and taken for typical. */
export const logisticScore = (
  { intercept, features, calibration }: LogisticParams,
  values: Readonly<Record<string, number | undefined>>,
): LogisticScore => {
  const contributions = Object.entries(features).map(([feature, { weight, typical }]) => ({
    feature,
    logOdds: weight * ((values[feature] ?? typical) - typical),
  }));
  const logOdds = contributions.reduce((sum, each) => sum + each.logOdds, intercept);
  return calibration === undefined
    ? { logOdds, contributions }
    : { logOdds, probability: calibrated(calibration, logOdds), contributions };
};
