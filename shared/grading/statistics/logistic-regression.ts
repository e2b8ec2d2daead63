import { cholesky, solveCholesky } from './cholesky.ts';
import { logistic, softplus } from './log-space.ts';
import { along, dot, largest, type Matrix, type Vector } from './vector.ts';

const mostSteps = 100;
const flat = 1e-9;

/**
 * The weights, intercept first, that make penalty/2 · Σ weight² + Σ log-loss smallest, by Newton's method (iteratively
 * reweighted least squares); the intercept is not penalised. `targets` are 0 to 1, one per row. Undefined where Newton does
 * not arrive.
 */
export const regressLogits = (rows: Matrix, targets: Vector, penalty: number): Vector | undefined => {
  const inputs = rows.map((row) => [1, ...row]);
  let weights: Vector = [1, ...(rows[0] ?? [])].map(() => 0);
  let loss = lossOf(inputs, targets, weights, penalty);
  for (let step = 0; step < mostSteps; step += 1) {
    const { gradient, curvature } = slopesOf(inputs, targets, weights, penalty);
    if (largest(gradient) <= flat * rows.length) return weights;
    const lower = cholesky(curvature);
    if (lower === undefined) return undefined;
    const newton = solveCholesky(lower, gradient);
    let length = 1;
    let next = lossOf(inputs, targets, along(weights, -length, newton), penalty);
    while (!(next <= loss) && length > 1e-6) {
      length /= 2;
      next = lossOf(inputs, targets, along(weights, -length, newton), penalty);
    }
    if (!(next <= loss)) return undefined;
    weights = along(weights, -length, newton);
    loss = next;
  }
  return undefined;
};

const lossOf = (inputs: Matrix, targets: Vector, weights: Vector, penalty: number): number => {
  let loss = (penalty / 2) * (dot(weights, weights) - (weights[0] ?? 0) ** 2);
  for (const [i, input] of inputs.entries()) {
    const logOdds = dot(weights, input);
    loss += softplus(logOdds) - (targets[i] ?? 0) * logOdds;
  }
  return loss;
};

const slopesOf = (
  inputs: Matrix,
  targets: Vector,
  weights: Vector,
  penalty: number,
): { gradient: Vector; curvature: Matrix } => {
  const size = weights.length;
  const gradient = weights.map((weight, i) => (i === 0 ? 0 : penalty * weight));
  const curvature = weights.map((_, i) => Array.from({ length: size }, (_, j) => (i === j && i > 0 ? penalty : 0)));
  for (const [i, input] of inputs.entries()) {
    const probability = logistic(dot(weights, input));
    const miss = probability - (targets[i] ?? 0);
    const certainty = probability * (1 - probability);
    for (let j = 0; j < size; j += 1) {
      const each = input[j] ?? 0;
      gradient[j] = (gradient[j] ?? 0) + miss * each;
      const row = curvature[j];
      if (row === undefined) continue;
      for (let k = 0; k < size; k += 1) row[k] = (row[k] ?? 0) + certainty * each * (input[k] ?? 0);
    }
  }
  return { gradient, curvature };
};
