import { descend } from './bfgs.ts';
import { cholesky } from './cholesky.ts';
import { polish } from './nelder-mead.ts';
import { hessianOf, type Objective } from './objective.ts';
import { largest, type Vector } from './vector.ts';

export type Minimum =
  | { readonly found: true; readonly at: Vector; readonly value: number }
  /** `slope`: no flat place was reached. `curve`: it is flat in some direction. `edge`: it runs off towards infinity. */
  | { readonly found: false; readonly because: 'slope' | 'curve' | 'edge' };

const steepest = 1e-5;
/** e¹² is beyond what any parameter in logarithms can mean. */
const edge = 12;

/**
 * The lowest minimum reached from several starts: quasi-Newton from each, the best polished by a simplex and descended
 * once more. Coordinates are of the size of one, such as logarithms of parameters. Only a flat place that curves upwards
 * in every direction, away from the edges, counts as found.
 */
export const minimise = (objective: Objective, starts: readonly Vector[]): Minimum => {
  const best = starts
    .map((start) => descend(objective, start))
    .filter(({ value }) => Number.isFinite(value))
    .reduce<{ at: Vector; value: number } | undefined>(
      (lowest, each) => (lowest === undefined || each.value < lowest.value ? each : lowest),
      undefined,
    );
  if (best === undefined) return { found: false, because: 'slope' };
  const { at, value, slope } = descend(objective, polish(objective, best.at, 0.01).at);
  if (largest(at) > edge) return { found: false, because: 'edge' };
  if (!(slope <= steepest)) return { found: false, because: 'slope' };
  if (cholesky(hessianOf(objective, at)) === undefined) return { found: false, because: 'curve' };
  return { found: true, at, value };
};
