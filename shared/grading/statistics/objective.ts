import type { Matrix, Vector } from './vector.ts';

/** What is to be made small. +∞ or NaN where it is not defined. */
export type Objective = (at: Vector) => number;

/** Near the cube root of a double's precision: rounding and curvature err about equally in a central difference. */
const slopeStep = 1e-5;
/** Near its fourth root, for second differences. */
const curveStep = 2e-4;

const moved = (at: Vector, index: number, by: number): Vector => at.map((each, i) => (i === index ? each + by : each));

/** By central differences; for coordinates of the size of one, such as logarithms. */
export const gradientOf = (objective: Objective, at: Vector): Vector =>
  at.map((_, i) => (objective(moved(at, i, slopeStep)) - objective(moved(at, i, -slopeStep))) / (2 * slopeStep));

/** Second derivatives by central differences. */
export const hessianOf = (objective: Objective, at: Vector): Matrix => {
  const shifted = (i: number, j: number, byI: number, byJ: number): number =>
    objective(moved(moved(at, i, byI * curveStep), j, byJ * curveStep));
  const second = (i: number, j: number): number =>
    (shifted(i, j, 1, 1) - shifted(i, j, 1, -1) - shifted(i, j, -1, 1) + shifted(i, j, -1, -1)) / (4 * curveStep ** 2);
  return at.map((_, i) => at.map((_, j) => second(Math.max(i, j), Math.min(i, j))));
};
