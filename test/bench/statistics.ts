/** Of an even number the upper of the two in the middle; 0 of none. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** The value that this share of all lies below; 0 of none. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};
