import type { Attributes, Scalar } from '../domain/fact.ts';
import type { Signal } from './signal.ts';

/**
 * What conditions, scales and tags look at while one customer is decided. Reused from customer to customer, so that
 * deciding allocates next to nothing. At an instant low equals high; over a stretch of time they bound what a decayed
 * signal, and all that is made of it, goes through.
 */
export interface View {
  attributes: Attributes;
  /** Signals by index; NaN where the value is unknown or no number. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Signals whose value is no number. */
  readonly texts: (string | boolean | undefined)[];
  /** Points of each group after its cap. */
  readonly groupLow: Float64Array;
  readonly groupHigh: Float64Array;
  /** Share of each group's weight that is known. */
  readonly coverage: Float64Array;
  /** Lower and upper bound of the score. */
  readonly score: Float64Array;
  /** The instant that the view shows, or first and last of the stretch. */
  readonly time: Float64Array;
}

export const createView = (signals: number, groups: number): View => ({
  attributes: {},
  low: new Float64Array(signals),
  high: new Float64Array(signals),
  texts: Array.from({ length: signals }, () => undefined),
  groupLow: new Float64Array(groups),
  groupHigh: new Float64Array(groups),
  coverage: new Float64Array(groups),
  score: new Float64Array(2),
  time: new Float64Array(2),
});

/** A field of a record by its own name; what every object inherits is no field. */
export const scalarAt = (record: Readonly<Record<string, Scalar>> | undefined, name: string): Scalar | undefined => {
  const value: unknown = record?.[name];
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
};

/** `missing: { value }` takes the place of what is unknown. */
export const writerOf = (
  { missing }: Pick<Signal, 'missing'>,
  { low, high, texts }: View,
  index: number,
): ((value: Scalar | undefined) => void) => {
  const substitute = missing !== undefined && 'value' in missing ? (missing.value ?? undefined) : undefined;
  return (found) => {
    const value = found ?? substitute;
    low[index] = high[index] = typeof value === 'number' ? value : Number.NaN;
    texts[index] = typeof value === 'number' ? undefined : value;
  };
};
