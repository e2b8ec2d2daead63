import { type Example, featureNames } from './example.ts';
import { areaUnderCurve, type Prediction } from './prediction-quality.ts';
import { type Refused, refuse } from './refusal.ts';

/** From here on a single feature knows the outcome rather than predicts it. */
const nearlyPerfect = 0.98;
/** With fewer of either outcome a perfect order may be luck. */
const fewestOfEach = 20;

/**
 * Refuses features that would not have been known at the time of scoring: declared as known afterwards, dated after the
 * scoring instant, or separating won from lost almost perfectly, by value or by being there at all.
 */
export const guardFeatures = (
  examples: readonly Example[],
  knownAfterwards: readonly string[],
): Refused | undefined => {
  for (const name of featureNames(examples)) {
    const refused = declaredLate(name, knownAfterwards) ?? datedLate(name, examples) ?? tellsOutcome(name, examples);
    if (refused !== undefined) return refused;
  }
  return undefined;
};

const declaredLate = (name: string, knownAfterwards: readonly string[]): Refused | undefined =>
  knownAfterwards.includes(name)
    ? refuse(
        'knownTooLate',
        `${name} is known only after the outcome. Take it out of the features.`,
        `${name} 在结果出现之后才知道。请从特征中去掉。`,
      )
    : undefined;

const datedLate = (name: string, examples: readonly Example[]): Refused | undefined => {
  const late = examples.filter(({ scoredAt, features }) => (features[name]?.knownAt ?? scoredAt) > scoredAt).length;
  if (late === 0) return undefined;
  return refuse(
    'knownTooLate',
    `${name} has values from after the scoring instant in ${late} of ${examples.length} examples. Use the value as it was when the lead was scored.`,
    `${name} 在 ${examples.length} 个样本中有 ${late} 个取自评分时刻之后。请使用评分当时的取值。`,
  );
};

const tellsOutcome = (name: string, examples: readonly Example[]): Refused | undefined => {
  const byValue = examples.flatMap(({ features, won }): Prediction[] => {
    const value = features[name]?.value;
    return value === undefined ? [] : [{ score: value, won }];
  });
  const byPresence = examples.map(
    ({ features, won }): Prediction => ({ score: Object.hasOwn(features, name) ? 1 : 0, won }),
  );
  const separation = Math.max(separationOf(byValue), separationOf(byPresence));
  if (separation < nearlyPerfect) return undefined;
  return refuse(
    'tellsOutcome',
    `${name} alone tells won from lost almost perfectly (AUC ${separation.toFixed(3)}): it was most likely filled in after the outcome. Take it out, or use its value as it was when the lead was scored.`,
    `仅凭 ${name} 就几乎能分清赢单与输单（AUC ${separation.toFixed(3)}）：它很可能是在结果之后填写的。请去掉，或使用评分当时的取值。`,
  );
};

const separationOf = (predictions: readonly Prediction[]): number => {
  const won = predictions.filter(({ won }) => won).length;
  const area = areaUnderCurve(predictions);
  if (area === undefined || Math.min(won, predictions.length - won) < fewestOfEach) return 0;
  return Math.max(area, 1 - area);
};
