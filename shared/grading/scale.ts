import * as z from 'zod';
import type { Scalar } from '../domain/fact.ts';
import { keyedUnion } from './keyed-union.ts';
import { shareBelow } from './percentile.ts';

const Share = z.number().min(0, 'a factor yields 0 to 1').max(1, 'a factor yields 0 to 1');
const Steps = z
  .array(z.tuple([z.number(), Share], 'a band is [limit, share], e.g. [200, 0.8]'))
  .min(1, 'name at least one band');

/** Turns a signal's value into 0..1 of the factor's weight. */
export const Scale = keyedUnion(
  {
    /** The first band, best first, whose limit the value reaches (≥). */
    bands: z.strictObject({ bands: Steps, else: Share }),
    /** The first band, smallest first, whose limit the value stays below (<). */
    bandsBelow: z.strictObject({ bandsBelow: Steps, else: Share }),
    /** 0 at `from`, 1 at `to`, straight between, flat outside. `from` may be the larger one. */
    linear: z.strictObject({ linear: z.strictObject({ from: z.number(), to: z.number() }) }),
    /** s / (s + half): half the weight at `half`, never quite all of it. Nothing below zero. */
    saturate: z.strictObject({ saturate: z.strictObject({ half: z.number().positive() }) }),
    /** By category. One that is not listed yields `else`, by default nothing. */
    map: z.strictObject({ map: z.record(z.string(), Share), else: Share.default(0) }),
    /** ln(x/from) / ln(to/from), flat outside. */
    log: z.strictObject({ log: z.strictObject({ from: z.number().positive(), to: z.number().positive() }) }),
    /** The share of all customers that lie below the value, by the model's snapshot of the population. */
    percentile: z.strictObject({ percentile: z.literal(true) }),
  },
  'a scale is one of bands, bandsBelow, linear, saturate, map, log, percentile',
);
export type Scale = z.output<typeof Scale>;

/** 0..1, or NaN where the scale can make nothing of the value: it counts as unknown then. */
export type ScaleFunction = (value: number, text: Scalar | undefined) => number;

/**
 * `value` is NaN for what is no number; `text` is what is no number, undefined when there is one or nothing is known.
 * `quantiles` are the signal's, from the snapshot of the population: for a percentile.
 */
export const compileScale = (scale: Scale, quantiles: readonly number[] = []): ScaleFunction => {
  if ('bands' in scale) return bandsFrom(scale.bands, scale.else);
  if ('bandsBelow' in scale) return bandsBelow(scale.bandsBelow, scale.else);
  if ('linear' in scale) return linear(scale.linear);
  if ('saturate' in scale) return saturate(scale.saturate.half);
  if ('map' in scale) return mapped(scale.map, scale.else);
  if ('log' in scale) return logarithmic(scale.log);
  return quantiles.length === 0
    ? () => Number.NaN
    : (value) => (Number.isNaN(value) ? value : shareBelow(quantiles, value));
};

const bandsFrom = (steps: readonly (readonly [number, number])[], otherwise: number): ScaleFunction => {
  const limits = Float64Array.from(steps, ([limit]) => limit);
  const shares = Float64Array.from([...steps.map(([, share]) => share), otherwise]);
  const count = limits.length;
  return (value) => {
    if (Number.isNaN(value)) return value;
    let i = 0;
    while (i < count && value < (limits[i] ?? 0)) i += 1;
    return shares[i] ?? otherwise;
  };
};

const bandsBelow = (steps: readonly (readonly [number, number])[], otherwise: number): ScaleFunction => {
  const limits = Float64Array.from(steps, ([limit]) => limit);
  const shares = Float64Array.from([...steps.map(([, share]) => share), otherwise]);
  const count = limits.length;
  return (value) => {
    if (Number.isNaN(value)) return value;
    let i = 0;
    while (i < count && value >= (limits[i] ?? 0)) i += 1;
    return shares[i] ?? otherwise;
  };
};

const linear =
  ({ from, to }: { readonly from: number; readonly to: number }): ScaleFunction =>
  (value) =>
    within((value - from) / (to - from));

const saturate =
  (half: number): ScaleFunction =>
  (value) =>
    value <= 0 ? 0 : value / (value + half);

const logarithmic = ({ from, to }: { readonly from: number; readonly to: number }): ScaleFunction => {
  const width = Math.log(to / from);
  return (value) => (value <= 0 ? (to > from ? 0 : 1) : within(Math.log(value / from) / width));
};

const mapped = (shares: Readonly<Record<string, number>>, otherwise: number): ScaleFunction => {
  const byName = new Map(Object.entries(shares));
  return (value, text) => {
    if (text === undefined && Number.isNaN(value)) return value;
    return byName.get(typeof text === 'string' ? text : String(text ?? value)) ?? otherwise;
  };
};

/** NaN stays NaN. */
const within = (share: number): number => (share < 0 ? 0 : share > 1 ? 1 : share);

/** True when a growing value can only raise, or only lower, the share: then its range follows from the two ends. */
export const isMonotone = (scale: Scale): boolean => {
  if ('bands' in scale) return isOrdered([...scale.bands.map(([, share]) => share), scale.else]);
  if ('bandsBelow' in scale) return isOrdered([...scale.bandsBelow.map(([, share]) => share), scale.else]);
  return !('map' in scale);
};

const isOrdered = (shares: readonly number[]): boolean =>
  shares.every((share, i) => i === 0 || share <= (shares[i - 1] ?? share)) ||
  shares.every((share, i) => i === 0 || share >= (shares[i - 1] ?? share));
