import { numberReader, type Reader, type Readers, scalarReader } from './compile-expression.ts';
import type { Operand } from './expression.ts';
import type { Model } from './model.ts';
import { groupNames } from './score-groups.ts';
import { scalarAt, type View } from './view.ts';

/** What a condition about a customer may look at, read from the view. */
export const customerReaders = (model: Model, view: View, indexOf: ReadonlyMap<string, number>): Readers<Operand> => {
  const groups = groupNames(model);
  return (operand) => {
    if (typeof operand !== 'object') return scalarReader(() => operand);
    if ('signal' in operand) return signalReader(view, indexOf.get(operand.signal) ?? 0);
    if ('field' in operand) return scalarReader(() => scalarAt(view.attributes, operand.field));
    if ('group' in operand) return arrayReader(view.groupLow, view.groupHigh, groups.indexOf(operand.group));
    if ('coverage' in operand) return arrayReader(view.coverage, view.coverage, groups.indexOf(operand.coverage));
    if ('score' in operand)
      return numberReader(
        () => view.score[0] ?? Number.NaN,
        () => view.score[1] ?? Number.NaN,
      );
    return scalarReader(() => undefined);
  };
};

const arrayReader = (low: Float64Array, high: Float64Array, index: number): Reader =>
  numberReader(
    () => low[index] ?? Number.NaN,
    () => high[index] ?? Number.NaN,
  );

const signalReader = (view: View, index: number): Reader => ({
  ...arrayReader(view.low, view.high, index),
  text: () => view.texts[index],
});
