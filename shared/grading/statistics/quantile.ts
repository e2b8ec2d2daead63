/**
 * The quantile of R's type 7, R's and Excel's default: straight between neighbours. `sorted` rises and holds at least one
 * value; `share` is 0 to 1.
 */
export const quantile = (sorted: readonly number[], share: number): number => {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[below + 1] ?? low;
  // (1 − f)·low + f·high would not give back low where both are equal
  return low + (place - below) * (high - low);
};
