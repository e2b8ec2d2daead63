import { areRelative } from './cutoffs-shape.ts';
import { lintTexts } from './lint-texts.ts';
import type { ModelFault, Path } from './model-fault.ts';
import type { ModelShape } from './model-shape.ts';
import { type Hysteresis, millionths } from './stability-faults.ts';

const path: Path = ['stability', 'hysteresis'];

/** Exit bands that are wider than the grade they lead to, and entrances that lie inside the better grade. */
export const marginLints = ({ cutoffs, stability }: ModelShape): ModelFault[] => {
  const band = stability?.hysteresis;
  if (band === undefined) return [];
  if (areRelative(cutoffs)) return band.unit === 'rank' ? overlaps(Object.entries(cutoffs.upTo), band, 1) : [];
  return cutoffs.method === 'absolute' ? overlaps(Object.entries(cutoffs.atLeast), band, -1) : [];
};

/** `worse` is the direction in which grades follow each other: portions grow (1), scores fall (−1). */
const overlaps = (cuts: readonly (readonly [string, number])[], band: Hysteresis, worse: 1 | -1): ModelFault[] =>
  cuts.flatMap(([grade, cut], i) => {
    const unit = band.unit === 'relative' ? Math.abs(cut) : 1;
    const exit = millionths(cut + band.down * unit * worse);
    const entry = millionths(cut - band.up * unit * worse);
    const [next, end] = cuts[i + 1] ?? [];
    const [better, start] = cuts[i - 1] ?? [];
    return [
      ...(next !== undefined && end !== undefined && (exit - end) * worse >= 0
        ? [{ path: [...path, 'down'], message: lintTexts.exitBeyondNext(grade, exit, next, end) }]
        : []),
      ...(better !== undefined && start !== undefined && (entry - start) * worse <= 0
        ? [{ path: [...path, 'up'], message: lintTexts.entryBeyondBetter(grade, entry, better, start) }]
        : []),
    ];
  });
