import { createExactSum, type Decimal } from '../exact-sum.ts';
import type { TimeUnit } from './fitted-params.ts';

/** A purchase on a calendar day, counted from any one day; which zone's day it is, the caller decides. */
export interface Purchase {
  readonly day: number;
  /** Major units; negative for money given back. Unknown where there is none. */
  readonly amount?: Decimal;
}

/** What the purchase models know of a customer: x, t_x and T of the literature. */
export interface PurchaseHistory {
  /** Days with a purchase after the first. */
  readonly repeats: number;
  /** From the first purchase to the last, in time units; 0 without a repeat. */
  readonly recency: number;
  /** From the first purchase to the day looked at, in time units. */
  readonly age: number;
}

export interface RepeatSpend {
  readonly repeats: number;
  /** The mean amount of a repeat day; unknown without one, or when an amount is. */
  readonly meanSpend: number | undefined;
}

export const daysPer: Readonly<Record<TimeUnit, number>> = { day: 1, week: 7 };

/**
 * Counts purchases up to and including `asOf`, one day's as one; the first day is no repeat and its amount does not enter
 * the mean. Units are days / 7, unrounded, for weeks. Undefined when nothing was bought by then.
 */
export const historyOf = (
  purchases: readonly Purchase[],
  asOf: number,
  unit: TimeUnit,
): (PurchaseHistory & RepeatSpend) | undefined => {
  const counted = purchases.filter(({ day }) => day <= asOf);
  const days = [...new Set(counted.map(({ day }) => day))].sort((a, b) => a - b);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const repeats = days.length - 1;
  return {
    repeats,
    recency: (last - first) / daysPer[unit],
    age: (asOf - first) / daysPer[unit],
    meanSpend:
      repeats === 0
        ? undefined
        : meanOf(
            counted.filter(({ day }) => day > first),
            repeats,
          ),
  };
};

const meanOf = (purchases: readonly Purchase[], days: number): number | undefined => {
  const sum = createExactSum();
  for (const { amount } of purchases) {
    if (amount === undefined) return undefined;
    sum.add(amount.units, amount.scale);
  }
  return sum.read() / days;
};

/** A history no customer can have breaks a likelihood silently. */
export const isPossible = ({ repeats, recency, age }: PurchaseHistory): boolean =>
  Number.isInteger(repeats) &&
  repeats >= 0 &&
  recency <= age &&
  Number.isFinite(age) &&
  (repeats === 0 ? recency === 0 : recency > 0);
