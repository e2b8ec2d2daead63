/** ln(eᵃ + eᵇ) without overflow; −∞ stands for nothing to add. */
export const logAddExp = (a: number, b: number): number => {
  const larger = Math.max(a, b);
  return larger === Number.NEGATIVE_INFINITY ? larger : larger + Math.log1p(Math.exp(-Math.abs(a - b)));
};

/** ln(1 + eˣ) without overflow. */
export const softplus = (x: number): number => logAddExp(0, x);

/** 1 / (1 + e⁻ˣ) without overflow, exact in both tails. */
export const logistic = (x: number): number => {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const odds = Math.exp(x);
  return odds / (1 + odds);
};
