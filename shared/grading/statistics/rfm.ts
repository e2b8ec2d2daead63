import { quantile } from './quantile.ts';

/** What a customer is scored on. */
export interface RfmValues {
  /** Days since the last purchase: calendar days, or 24 hours each, but the same for everybody. */
  readonly recencyDays: number;
  readonly frequency: number;
  readonly monetary: number;
}

/**
 * The rising values at which the next bin begins. A value on a cut belongs to the bin above it (`from`) or below it
 * (`after`).
 */
export interface RfmCuts {
  readonly onCut: 'from' | 'after';
  readonly recencyDays: readonly number[];
  readonly frequency: readonly number[];
  readonly monetary: readonly number[];
}

/** 1 to the number of bins, the highest the best: the most recent, the most frequent, the most spent. */
export interface RfmScores {
  readonly recency: number;
  readonly frequency: number;
  readonly monetary: number;
}

/**
 * Cuts at equal shares of the customers, by quantiles of type 7; at least one customer.
 *
 * `plusOne` cuts one above each quantile, as the R package rfm (0.3.0) does: meant for whole numbers, it moves an amount
 * with cents by a whole unit. `exact` cuts at the quantile and leaves what equals it below; on whole quantiles of whole
 * numbers both say the same.
 */
export const rfmCuts = (customers: readonly RfmValues[], rule: 'plusOne' | 'exact', bins = 5): RfmCuts => {
  const cuts = (valueOf: (customer: RfmValues) => number): number[] => {
    const sorted = customers.map(valueOf).sort((a, b) => a - b);
    return Array.from({ length: bins - 1 }, (_, i) => quantile(sorted, (i + 1) / bins) + (rule === 'plusOne' ? 1 : 0));
  };
  return {
    onCut: rule === 'plusOne' ? 'from' : 'after',
    recencyDays: cuts(({ recencyDays }) => recencyDays),
    frequency: cuts(({ frequency }) => frequency),
    monetary: cuts(({ monetary }) => monetary),
  };
};

/** Equal values score equal; one beyond all that the cuts were made from belongs to the outermost bin. */
export const rfmScores = (customer: RfmValues, { onCut, ...cuts }: RfmCuts): RfmScores => {
  const binOf = (value: number, at: readonly number[]): number =>
    1 + at.filter((cut) => (onCut === 'from' ? value >= cut : value > cut)).length;
  return {
    recency: cuts.recencyDays.length + 2 - binOf(customer.recencyDays, cuts.recencyDays),
    frequency: binOf(customer.frequency, cuts.frequency),
    monetary: binOf(customer.monetary, cuts.monetary),
  };
};

/** The three scores as digits, e.g. 543. For up to nine bins. */
export const rfmCode = ({ recency, frequency, monetary }: RfmScores): number =>
  100 * recency + 10 * frequency + monetary;
