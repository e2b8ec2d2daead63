import type { Instant } from '../../domain/instant.ts';

export interface TimeSplit<T> {
  /** The earliest: to fit on. */
  readonly fit: readonly T[];
  /** Later: to calibrate on. */
  readonly calibrate: readonly T[];
  /** The latest: to judge by. */
  readonly judge: readonly T[];
}

/** Splits 60 : 20 : 20 by time. What happened at the same instant stays together, in the earlier part. */
export const splitByTime = <T extends { readonly scoredAt: Instant }>(examples: readonly T[]): TimeSplit<T> => {
  const sorted = [...examples].sort((a, b) => a.scoredAt - b.scoredAt);
  const endOf = (share: number): number => {
    let end = Math.floor(sorted.length * share);
    while (end > 0 && end < sorted.length && sorted[end]?.scoredAt === sorted[end - 1]?.scoredAt) end += 1;
    return end;
  };
  const [first, second] = [endOf(0.6), endOf(0.8)];
  return { fit: sorted.slice(0, first), calibrate: sorted.slice(first, second), judge: sorted.slice(second) };
};
