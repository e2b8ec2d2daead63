/**
 * The share of a population that lies strictly below a value, 0..1, by equally spaced quantiles from its least value to its
 * greatest, ascending; straight between them. What half of all customers have is worth nothing to any of them.
 */
export const shareBelow = (quantiles: readonly number[], value: number): number => {
  const steps = quantiles.length - 1;
  let [low, high] = [0, quantiles.length]; // the first quantile that reaches the value
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((quantiles[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  if (low > steps) return 1;
  const [below, above] = [quantiles[low - 1] ?? 0, quantiles[low] ?? 0];
  return (low - 1 + (value - below) / (above - below)) / steps;
};
