import { describe, expect, it } from 'vitest';
import { hypergeometricRest } from '#shared/grading/statistics/hypergeometric.ts';

const hypergeometric = (A: number, B: number, C: number, z: number): number =>
  1 + (A / C) * hypergeometricRest(A, B, C, z);

describe('hypergeometricRest', () => {
  // logarithms of ₂F₁ in 50-digit arithmetic
  it.each([
    [0.2425945, 2.4259062, 2.218828, 0.9217635120661796, 0.7445622503864482],
    [0.2425945, 2.4259062, 2.218828, 0.9464457081411807, 0.8699932062379643],
    [2.2425945, 4.4259062, 4.218828, 0.47404457101143543, 1.520520682552226],
  ])('gives ₂F₁(%d, %d; %d; %d)', (A, B, C, z, ln) => {
    expect(Math.abs(Math.log(hypergeometric(A, B, C, z)) - ln)).toBeLessThan(1e-14);
  });

  it('knows elementary cases', () => {
    expect(hypergeometric(1, 1, 2, 0.75)).toBeCloseTo(-Math.log(0.25) / 0.75, 13);
    expect(hypergeometric(-0.3, 2, 2, 0.9)).toBeCloseTo(0.1 ** 0.3, 13);
  });

  it('goes on where ₂F₁ itself has nothing left to say or is not defined', () => {
    // A → 0: Σ B…(B+n−1)/(C+1…C+n−1) zⁿ/n; with B = C it is C·Σ zⁿ/n
    expect(hypergeometricRest(0, 2, 2, 0.5)).toBeCloseTo(2 * Math.LN2, 13);
    expect(hypergeometricRest(1, 3, 0, 0.5)).toBeCloseTo(3 * 0.5 * (1 - 0.5) ** -4, 12);
  });
});
