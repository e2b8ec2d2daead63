import type { Operand } from './expression.ts';
import type { Axis, ModelShape } from './model-shape.ts';
import type { Signal } from './signal.ts';

/** What a value can be at all; undefined where nothing is known about it. */
export interface ValueRange {
  readonly least: number | undefined;
  readonly most: number | undefined;
}

const unlimited: ValueRange = { least: undefined, most: undefined };

export const rangeOf = (model: ModelShape, operand: Operand): ValueRange => {
  if (typeof operand !== 'object') return unlimited;
  if ('group' in operand) return { least: 0, most: mostOfGroups(model, [operand.group]) };
  if ('coverage' in operand) return { least: 0, most: 1 };
  if ('score' in operand) return scoreRange(model);
  if (!('signal' in operand)) return unlimited;
  const signal = model.signals[operand.signal];
  return signal === undefined ? unlimited : signalRange(signal);
};

export const scoreRange = (model: ModelShape): ValueRange => {
  const { score, signals } = model;
  if (score.combine === 'weightedSum') return { least: 0, most: mostOfGroups(model, Object.keys(score.groups)) };
  const signal = signals[score.signal];
  return signal === undefined ? unlimited : signalRange(signal);
};

export const axisRange = (model: ModelShape, axis: Axis): ValueRange => ({
  least: 0,
  most: mostOfGroups(model, 'group' in axis ? [axis.group] : axis.groups),
});

/** A factor gives 0 to all of its weight, a group no more than its cap. */
const mostOfGroups = ({ score }: ModelShape, names: readonly string[]): number =>
  names.reduce((sum, name) => {
    const group = score.combine === 'weightedSum' ? score.groups[name] : undefined;
    return sum + Math.min(weightOf(group), group?.cap ?? Number.POSITIVE_INFINITY);
  }, 0);

/** All of its factors together; rounded as weights are compared, so that 0.1 + 0.2 reaches a cap of 0.3. */
export const weightOf = (group: { readonly factors: readonly { readonly weight: number }[] } | undefined): number =>
  Number((group?.factors ?? []).reduce((sum, { weight }) => sum + weight, 0).toFixed(9));

const signalRange = ({ from, agg }: Signal): ValueRange => {
  if ('attribute' in from) return unlimited;
  if ('model' in from) return { least: 0, most: isChance(from.model) ? 1 : undefined };
  const counts = agg === 'count' || agg === 'distinct' || agg === 'daysSinceLast' || agg === 'daysSinceFirst';
  return { least: counts ? 0 : undefined, most: undefined };
};

const isChance = (model: string): boolean => model.endsWith('.alive') || model === 'logistic' || model === 'naiveBayes';

/** Whether there are customers of whom nobody knows it. */
export const mayBeUnknown = ({ signals }: ModelShape, operand: Operand): boolean => {
  if (typeof operand !== 'object') return false;
  if ('field' in operand) return true;
  const signal = 'signal' in operand ? signals[operand.signal] : undefined;
  if (signal === undefined) return false;
  const { from, agg, missing } = signal;
  if (missing !== undefined && 'value' in missing && missing.value !== null) return false;
  if ('attribute' in from) return true;
  if ('model' in from) return 'events' in from; // of somebody who never bought
  return agg !== 'sum' && agg !== 'count' && agg !== 'distinct';
};
