/** A point of the parameter space, or a direction in it. All vectors of one problem have the same length. */
export type Vector = readonly number[];
export type Matrix = readonly Vector[];

export const dot = (a: Vector, b: Vector): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

/** a + factor · b. */
export const along = (a: Vector, factor: number, b: Vector): Vector => a.map((each, i) => each + factor * (b[i] ?? 0));

export const times = (matrix: Matrix, vector: Vector): Vector => matrix.map((row) => dot(row, vector));

export const largest = (vector: Vector): number => vector.reduce((most, each) => Math.max(most, Math.abs(each)), 0);

export const identity = (size: number): Matrix =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
