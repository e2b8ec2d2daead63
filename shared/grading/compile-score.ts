import type { Contribution } from '../domain/change.ts';
import type { Scalar } from '../domain/fact.ts';
import type { ModelShape } from './model-shape.ts';
import type { View } from './view.ts';
import { compileWeightedSum } from './weighted-sum.ts';

/** Turns the signals of a view into group points, coverage and score. */
export interface ScoreMachine {
  /** From all signals. */
  evaluate(): void;
  /** After one signal changed; false when no points did. */
  update(signal: number): boolean;
  /** Bounds over a stretch of time in which the signals run between their low and high. `evaluate` ends it. */
  spread(): void;
  /** As of the last `evaluate`; they sum to the score. */
  contributions(): Contribution[];
}

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

/** The signal's value as of the view; undefined when it is unknown. */
export const valueIn = (view: View, index: number): Scalar | undefined => {
  const number = view.low[index] ?? Number.NaN;
  return Number.isNaN(number) ? view.texts[index] : number;
};
