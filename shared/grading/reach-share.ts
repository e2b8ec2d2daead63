import type { Scalar } from '../domain/fact.ts';
import type { Supposition } from '../domain/reasons.ts';
import type { Scale } from './scale.ts';

/** A value of a signal, as a person would say it. */
export interface Reach extends Pick<Extract<Supposition, { if: 'value' }>, 'is' | 'value'> {
  /** A value that is so. */
  readonly at: Scalar;
}

/** `up`: at least the share; `down`: less than it. */
export type Side = 'up' | 'down';

/**
 * The values nearest to the current one at which a scale yields at least, or less than, a share of its weight; the nearest share
 * first. What lies on a curve is solved in closed form and rounded outwards to three or four digits. None where the scale has no
 * such value, and for a percentile: it depends on all customers.
 */
export const reachShare = (scale: Scale, current: Scalar | undefined, share: number, side: Side): readonly Reach[] => {
  if ('map' in scale) return reachCategory(scale.map, current, share, side);
  const number = typeof current === 'number' ? current : undefined;
  if ('bands' in scale) {
    const rising = [...scale.bands].reverse();
    const limits = rising.map(([limit]) => limit);
    return reachBand({ limits, shares: [scale.else, ...rising.map(([, one]) => one)] }, number, share, side);
  }
  if ('bandsBelow' in scale) {
    const limits = scale.bandsBelow.map(([limit]) => limit);
    return reachBand({ limits, shares: [...scale.bandsBelow.map(([, one]) => one), scale.else] }, number, share, side);
  }
  return 'percentile' in scale ? [] : reachOnCurve(scale, number, share, side);
};

const isReached = (given: number, share: number, side: Side): boolean =>
  side === 'up' ? given >= share - 1e-9 : given < share;

const nearestFirst =
  (share: number) =>
  (a: { readonly share: number }, b: { readonly share: number }): number =>
    Math.abs(a.share - share) - Math.abs(b.share - share);

const reachCategory = (
  shares: Readonly<Record<string, number>>,
  current: Scalar | undefined,
  share: number,
  side: Side,
): readonly Reach[] =>
  Object.entries(shares)
    .map(([name, given]) => ({ name, share: given }))
    .filter((one) => one.name !== String(current) && isReached(one.share, share, side))
    .sort(nearestFirst(share))
    .map(({ name }) => ({ is: 'equal', value: asBefore(name, current), at: asBefore(name, current) }));

/** A category is written as text in the model; a customer's may be a number or a truth value. */
const asBefore = (name: string, current: Scalar | undefined): Scalar => {
  if (typeof current === 'boolean' && (name === 'true' || name === 'false')) return name === 'true';
  return typeof current === 'number' && Number.isFinite(Number(name)) ? Number(name) : name;
};

interface Bands {
  /** Rising; band i lies from limit i − 1 up to, and without, limit i. */
  readonly limits: readonly number[];
  readonly shares: readonly number[];
}

const reachBand = (
  { limits, shares }: Bands,
  current: number | undefined,
  share: number,
  side: Side,
): readonly Reach[] => {
  const own = current === undefined ? -1 : limits.filter((limit) => current >= limit).length;
  return shares
    .map((given, band) => ({ share: given, band }))
    .filter((one) => one.band !== own && isReached(one.share, share, side))
    .sort(nearestFirst(share))
    .flatMap(({ band }): readonly Reach[] => {
      const [from, to] = [limits[band - 1], limits[band]];
      if (band > own && from !== undefined) return [{ is: 'atLeast', value: from, at: from }];
      return to === undefined ? [] : [{ is: 'below', value: to, at: justBelow(to, from) }];
    });
};

/** A whole number where the band holds one: most values are. */
const justBelow = (limit: number, from = Number.NEGATIVE_INFINITY): number => {
  const whole = Math.ceil(limit) - 1;
  return whole >= from ? whole : limit - Math.max(Math.abs(limit), 1) * 1e-9;
};

type Curve = Extract<Scale, { linear: unknown } | { log: unknown } | { saturate: unknown }>;

const reachOnCurve = (scale: Curve, current: number | undefined, share: number, side: Side): readonly Reach[] => {
  const solved = solve(scale, share);
  if (solved === undefined) return [];
  const isRising = 'saturate' in scale || ends(scale).to > ends(scale).from;
  const grows = isRising === (side === 'up');
  const step = stepOf(scale, solved, current);
  const first = outwards(solved, step, grows);
  // of less than a share the value that yields just it is too much
  const second = outwards(first + (grows ? step : -step) / 2, step, grows);
  return [first, second].map((value) => ({ is: grows ? 'atLeast' : 'atMost', value, at: value }));
};

const ends = (scale: Exclude<Curve, { saturate: unknown }>): { readonly from: number; readonly to: number } =>
  'linear' in scale ? scale.linear : scale.log;

/** The value that yields a share; undefined: none does. */
const solve = (scale: Curve, share: number): number | undefined => {
  if (share < 0 || share > 1) return undefined;
  if ('saturate' in scale) return share < 1 ? (scale.saturate.half * share) / (1 - share) : undefined;
  const { from, to } = ends(scale);
  return 'linear' in scale ? from + share * (to - from) : from * (to / from) ** share;
};

const stepOf = (scale: Curve, solved: number, current: number | undefined): number => {
  const width = 'linear' in scale ? Math.abs(scale.linear.to - scale.linear.from) / 10 : Math.abs(solved);
  const step = width === 0 ? 1e-3 : 10 ** (Math.floor(Math.log10(width)) - 2);
  return current !== undefined && Number.isInteger(current) && width >= 1 ? Math.max(1, step) : step;
};

const outwards = (value: number, step: number, grows: boolean): number => {
  const steps = Number((value / step).toFixed(6)); // what is whole but for the last bits is whole
  return Number(((grows ? Math.ceil(steps) : Math.floor(steps)) * step).toPrecision(12)) + 0;
};
