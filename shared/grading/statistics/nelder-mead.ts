import type { Objective } from './objective.ts';
import { along, type Vector } from './vector.ts';

interface Corner {
  readonly at: Vector;
  readonly value: number;
}

const mostSteps = 2_000;

/**
 * Polishes a minimum with the simplex method of Nelder and Mead, which needs no slopes; `size` is the first simplex's.
 * Never worse than where it starts.
 */
export const polish = (objective: Objective, start: Vector, size: number): Corner => {
  const corner = (at: Vector): Corner => ({ at, value: finite(objective(at)) });
  let corners = [start, ...start.map((_, i) => start.map((each, j) => (i === j ? each + size : each)))].map(corner);
  for (let step = 0; step < mostSteps; step += 1) {
    corners.sort((a, b) => a.value - b.value);
    if (spread(corners) <= 1e-15 * Math.abs(corners[0]?.value ?? 0)) break;
    corners = replaceWorst(corners, corner);
  }
  return corners.reduce((best, each) => (each.value < best.value ? each : best));
};

const finite = (value: number): number => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);

const spread = (corners: readonly Corner[]): number => (corners.at(-1)?.value ?? 0) - (corners[0]?.value ?? 0);

/** `sorted` best first: the worst corner is reflected, stretched or drawn in; failing that all shrink towards the best. */
const replaceWorst = (sorted: readonly Corner[], corner: (at: Vector) => Corner): Corner[] => {
  const [best, worst] = [sorted[0], sorted.at(-1)];
  if (best === undefined || worst === undefined) return [];
  const others = sorted.slice(0, -1);
  const centre = best.at.map((_, i) => others.reduce((sum, { at }) => sum + (at[i] ?? 0), 0) / others.length);
  const away = along(centre, -1, worst.at);
  const reflected = corner(along(centre, 1, away));
  if (reflected.value < best.value) {
    const stretched = corner(along(centre, 2, away));
    return [...others, stretched.value < reflected.value ? stretched : reflected];
  }
  if (reflected.value < (others.at(-1)?.value ?? worst.value)) return [...others, reflected];
  const drawn = corner(along(centre, reflected.value < worst.value ? 0.5 : -0.5, away));
  if (drawn.value < Math.min(reflected.value, worst.value)) return [...others, drawn];
  return [best, ...sorted.slice(1).map(({ at }) => corner(along(best.at, 0.5, along(at, -1, best.at))))];
};
