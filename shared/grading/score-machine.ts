import type { Contribution } from '../domain/change.ts';
import type { Scalar } from '../domain/fact.ts';
import type { View } from './view.ts';

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

/** The signal's value as of the view; undefined when it is unknown. */
export const valueIn = (view: View, index: number): Scalar | undefined => {
  const number = view.low[index] ?? Number.NaN;
  return Number.isNaN(number) ? view.texts[index] : number;
};
