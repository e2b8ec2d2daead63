import type { Matrix, Vector } from './vector.ts';

/** A pivot smaller than this share of its diagonal says that the matrix does not tell its directions apart. */
const smallestPivot = 1e-10;

/** The lower triangle L with L·Lᵀ = matrix; undefined unless the symmetric matrix is positive definite in doubles. */
export const cholesky = (matrix: Matrix): Matrix | undefined => {
  const rows: number[][] = [];
  for (const [i, source] of matrix.entries()) {
    const row: number[] = [];
    for (let j = 0; j <= i; j += 1) {
      const rest = (source[j] ?? 0) - partial(row, rows[j] ?? row, j);
      if (i !== j) row.push(rest / (rows[j]?.[j] ?? 1));
      else if (rest > smallestPivot * Math.abs(source[i] ?? 0)) row.push(Math.sqrt(rest));
      else return undefined;
    }
    rows.push(row);
  }
  return rows;
};

const partial = (a: Vector, b: Vector, length: number): number => {
  let sum = 0;
  for (let k = 0; k < length; k += 1) sum += (a[k] ?? 0) * (b[k] ?? 0);
  return sum;
};

/** The solution of L·Lᵀ·x = right. */
export const solveCholesky = (lower: Matrix, right: Vector): Vector => {
  const forward: number[] = [];
  for (const [i, row] of lower.entries()) forward.push(((right[i] ?? 0) - partial(row, forward, i)) / (row[i] ?? 1));
  const solution = forward.slice();
  for (let i = lower.length - 1; i >= 0; i -= 1) {
    let rest = solution[i] ?? 0;
    for (let k = i + 1; k < lower.length; k += 1) rest -= (lower[k]?.[i] ?? 0) * (solution[k] ?? 0);
    solution[i] = rest / (lower[i]?.[i] ?? 1);
  }
  return solution;
};
