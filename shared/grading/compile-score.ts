import type { ModelShape } from './model-shape.ts';
import { type ScoreMachine, valueIn } from './score-machine.ts';
import type { View } from './view.ts';
import { compileWeightedSum } from './weighted-sum.ts';

export const compileScore = (model: ModelShape, view: View, indexOf: ReadonlyMap<string, number>): ScoreMachine =>
  model.score.combine === 'single'
    ? singleSignal(model.score.signal, view, indexOf.get(model.score.signal) ?? 0)
    : compileWeightedSum(model, model.score, view, indexOf);

/** The signal's value is the score; what is unknown, or no number, is 0. */
const singleSignal = (id: string, view: View, index: number): ScoreMachine => {
  const copy = (): void => {
    const [low, high] = [view.low[index] ?? Number.NaN, view.high[index] ?? Number.NaN];
    view.score[0] = Number.isNaN(low) ? 0 : low;
    view.score[1] = Number.isNaN(high) ? 0 : high;
  };
  return {
    evaluate: copy,
    update: (signal) => {
      if (signal === index) copy();
      return signal === index;
    },
    spread: copy,
    contributions: () => {
      const value = valueIn(view, index);
      return [{ factor: id, ...(value === undefined ? {} : { value }), points: view.score[0] ?? 0 }];
    },
  };
};
