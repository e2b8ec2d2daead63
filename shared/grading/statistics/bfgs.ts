import { gradientOf, type Objective } from './objective.ts';
import { along, dot, identity, largest, type Matrix, times, type Vector } from './vector.ts';

export interface Descent {
  readonly at: Vector;
  readonly value: number;
  /** The largest slope left, per unit of a coordinate. */
  readonly slope: number;
}

const mostSteps = 200;
const flat = 1e-8;
/** A coordinate never moves further in one step: a logarithm of a parameter by more than this is a leap in the dark. */
const longestStep = 2;

/**
 * Walks downhill by the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno with a backtracking line search.
 * Ends where it is flat or where no step helps: look at `slope` before believing in a minimum.
 */
export const descend = (objective: Objective, start: Vector): Descent => {
  let at = start;
  let value = objective(at);
  let gradient = gradientOf(objective, at);
  let inverse = identity(at.length);
  for (let step = 0; step < mostSteps && largest(gradient) > flat; step += 1) {
    const found = searchLine(objective, at, value, gradient, shortened(times(inverse, gradient)));
    if (found === undefined) break;
    const next = gradientOf(objective, found.at);
    inverse = updated(inverse, along(found.at, -1, at), along(next, -1, gradient));
    ({ at, value } = found);
    gradient = next;
  }
  return { at, value, slope: largest(gradient) };
};

const shortened = (uphill: Vector): Vector => {
  const factor = -Math.min(1, longestStep / largest(uphill));
  return uphill.map((each) => each * factor);
};

/** The first of ever shorter steps that gains enough (Armijo's condition). */
const searchLine = (
  objective: Objective,
  at: Vector,
  value: number,
  gradient: Vector,
  direction: Vector,
): { at: Vector; value: number } | undefined => {
  const gain = dot(gradient, direction);
  for (let length = 1; length > 1e-10; length /= 2) {
    const candidate = along(at, length, direction);
    const reached = objective(candidate);
    if (reached <= value + 1e-4 * length * gain && reached < value) return { at: candidate, value: reached };
  }
  return undefined;
};

/** The inverse Hessian after a step and the change of the gradient along it; as it was where the step saw no upward curve. */
const updated = (inverse: Matrix, step: Vector, change: Vector): Matrix => {
  const curve = dot(step, change);
  if (!(curve > 1e-14)) return inverse;
  const turned = times(inverse, change);
  const weight = (curve + dot(change, turned)) / (curve * curve);
  return inverse.map((row, i) =>
    row.map((each, j) => {
      const [si = 0, sj = 0, ti = 0, tj = 0] = [step[i], step[j], turned[i], turned[j]];
      return each + weight * si * sj - (ti * sj + si * tj) / curve;
    }),
  );
};
