import { describe, expect, it } from 'vitest';
import { cholesky, solveCholesky } from '#shared/grading/statistics/cholesky.ts';
import { minimise } from '#shared/grading/statistics/minimise.ts';
import { polish } from '#shared/grading/statistics/nelder-mead.ts';
import type { Vector } from '#shared/grading/statistics/vector.ts';

const rosenbrock = ([x = 0, y = 0]: Vector): number => (1 - x) ** 2 + 100 * (y - x * x) ** 2;

describe('minimise', () => {
  it('walks the bent valley of Rosenbrock to its end', () => {
    const minimum = minimise(rosenbrock, [[-1.2, 1]]);
    expect(minimum.found && minimum.at.map((each) => each.toFixed(6))).toEqual(['1.000000', '1.000000']);
  });

  it('keeps the lowest of several valleys', () => {
    const valleys = ([x = 0]: Vector): number => (x * x - 4) ** 2 + x;
    const minimum = minimise(valleys, [[2.5], [-0.5], [3]]);
    expect(minimum.found && minimum.at[0]).toBeLessThan(-2);
  });

  it('goes round places where nothing is defined', () => {
    const bowl = ([x = 0]: Vector): number => (x <= 0 ? Number.NaN : x - Math.log(x));
    const minimum = minimise(bowl, [[-1], [0.05]]);
    expect(minimum.found && minimum.at[0]).toBeCloseTo(1, 6);
  });

  it.each([
    ['falls for ever', ([x = 0]: Vector) => -x, 'edge'],
    ['levels out towards infinity', ([x = 0]: Vector) => Math.exp(-x), 'edge'],
    ['is flat in one direction', ([x = 0, y = 0]: Vector) => (x - y) ** 2, 'curve'],
    ['ends at an edge before it is flat', ([x = 0]: Vector) => (x > 0.3 ? x * x : Number.NaN), 'slope'],
    ['is defined nowhere', () => Number.NaN, 'slope'],
  ])('finds no minimum of what %s', (_, objective, because) => {
    expect(minimise(objective, [[0.5, 0.1]])).toEqual({ found: false, because });
  });
});

describe('polish', () => {
  it('finds a minimum without slopes, and never a worse place than the start', () => {
    const ridge = ([x = 0, y = 0]: Vector): number => Math.abs(x - 1) + Math.abs(y + 2);
    const { at, value } = polish(ridge, [0, 0], 0.5);
    expect(value).toBeLessThan(1e-6);
    expect(at[0]).toBeCloseTo(1, 5);
    expect(polish(ridge, [1, -2], 0.5).value).toBe(0);
  });
});

describe('cholesky', () => {
  it('solves what is positive definite and refuses the rest', () => {
    const lower = cholesky([
      [4, 2, 0.6],
      [2, 5, 1],
      [0.6, 1, 3],
    ]);
    expect(lower && solveCholesky(lower, [9.8, 15, 11.6]).map((each) => Math.round(each * 1e9) / 1e9)).toEqual([
      1, 2, 3,
    ]);
    expect(
      cholesky([
        [1, 2],
        [2, 1],
      ]),
    ).toBeUndefined();
    expect(
      cholesky([
        [1, 1],
        [1, 1],
      ]),
    ).toBeUndefined();
  });
});
