import { type RankKey, scoreOfKey } from './rank-key.ts';

/** An exact decimal between 0 and 1: `units` of `whole`. */
export interface Threshold {
  readonly units: bigint;
  readonly whole: bigint;
}

/**
 * Reads a decimal such as `0.2`. More than 1 counts as 1.
 *
 * @throws {SyntaxError} for what is no plain decimal: models are checked before they get here.
 */
export const readThreshold = (decimal: string): Threshold => {
  const [whole = '', fraction = ''] = decimal.split('.');
  const one = 10n ** BigInt(fraction.length);
  const units = BigInt(whole + fraction);
  return { units: units > one ? one : units, whole: one };
};

/** ⌈p · N⌉ in whole numbers: `Math.ceil(0.55 * 100)` is 56. */
export const placesWithin = ({ units, whole }: Threshold, members: number): number =>
  Number((units * BigInt(members) + whole - 1n) / whole);

const millionths = 1e6;

/**
 * What a member adds to the worth of its cohort: max(0, score) in millionths, rounded; nothing where the score is unknown. Never
 * grows along the order of keys.
 */
export const worthOf = (key: RankKey): bigint => {
  const worth = Math.round(scoreOfKey(key) * millionths);
  return worth > 0 ? BigInt(Math.min(worth, Number.MAX_VALUE)) : 0n;
};
