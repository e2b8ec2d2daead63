import type { Instant } from '../../domain/instant.ts';
import type { Vector } from './vector.ts';

/** A closed lead as it was known when it would have been scored. */
export interface Example {
  readonly scoredAt: Instant;
  readonly won: boolean;
  /** By name; one that is left out is unknown. */
  readonly features: Readonly<Record<string, Feature>>;
}

export interface Feature {
  readonly value: number;
  /** Since when it had this value. */
  readonly knownAt: Instant;
}

/** In alphabetical order: the same features give the same fit whatever order they came in. */
export const featureNames = (examples: readonly Example[]): string[] =>
  [...new Set(examples.flatMap(({ features }) => Object.keys(features)))].sort();

/** 1 for won, 0 for lost. */
export const targetsOf = (examples: readonly Example[]): Vector => examples.map(({ won }) => (won ? 1 : 0));

export const countWon = (examples: readonly Example[]): number => examples.filter(({ won }) => won).length;
