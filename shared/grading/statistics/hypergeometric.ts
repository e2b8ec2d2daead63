/** No argument that fitted parameters give needs a tenth of this; it bounds the loop for z within 1e-6 of 1. */
const mostTerms = 10_000_000;

/**
 * C/A · (₂F₁(A, B; C; z) − 1) by Gauss's series, for 0 ≤ z < 1 and C > −1: what of the series stays defined at A = 0 and at
 * C = 0. ₂F₁ itself is 1 + A/C times this.
 */
export const hypergeometricRest = (A: number, B: number, C: number, z: number): number => {
  let term = B * z;
  let sum = term;
  for (let n = 1; n < mostTerms && Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
    term *= (((A + n) * (B + n)) / ((C + n) * (n + 1))) * z;
    sum += term;
  }
  return sum;
};
