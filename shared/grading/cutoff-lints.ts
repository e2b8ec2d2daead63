import { bandLints, limitLints } from './band-lints.ts';
import { areRelative } from './cutoffs-shape.ts';
import { lintTexts } from './lint-texts.ts';
import type { ModelFault } from './model-fault.ts';
import type { ModelShape } from './model-shape.ts';
import { movementOf } from './movement.ts';
import { placedFactors } from './placed-factors.ts';
import { axisRange, scoreRange } from './value-range.ts';

/** Cut-offs that never divide anything, and orders that move by themselves. */
export const cutoffLints = (model: ModelShape): ModelFault[] => {
  const { cutoffs, grades } = model;
  switch (cutoffs.method) {
    case 'rank':
    case 'share':
      return [
        ...movingOrderLints(model),
        ...(cutoffs.tieBreak.includes('id')
          ? []
          : [{ path: ['cutoffs', 'tieBreak'], message: lintTexts.tieBreakWithoutId }]),
      ];
    case 'absolute':
      return limitLints(
        Object.entries(cutoffs.atLeast).map(([grade, limit]) => ({ limit, path: ['cutoffs', 'atLeast', grade] })),
        scoreRange(model),
      );
    case 'matrix':
      return [
        ...bandLints(cutoffs.rows, axisRange(model, cutoffs.rows), ['cutoffs', 'rows']),
        ...bandLints(cutoffs.cols, axisRange(model, cutoffs.cols), ['cutoffs', 'cols']),
        ...grades
          .filter(({ id, ranked }) => ranked && !Object.values(cutoffs.cells).includes(id))
          .map(({ id }) => ({ path: ['cutoffs', 'cells'], message: lintTexts.unusedGrade(id) })),
      ];
  }
};

/** What customers are ranked by, in the order in which it is looked at. */
export const rankedBy = (model: ModelShape): readonly string[] => {
  const { score, cutoffs } = model;
  const scored = score.combine === 'single' ? [score.signal] : placedFactors(model).map(({ factor }) => factor.signal);
  const ties = areRelative(cutoffs) ? cutoffs.tieBreak.flatMap((tie) => (tie === 'id' ? [] : [tie.signal])) : [];
  return [...new Set([...scored, ...ties])];
};

/** Counts of days, and decays, keep their order where they are compared as they are. */
const movingOrderLints = (model: ModelShape): ModelFault[] => {
  const summed = new Set(placedFactors(model).map(({ factor }) => factor.signal));
  const moving = rankedBy(model).filter((id) => {
    const signal = model.signals[id];
    const movement = signal === undefined ? 'still' : movementOf(signal);
    return movement === 'expires' || movement === 'daily' || (movement === 'ages' && summed.has(id));
  });
  return moving.length === 0 ? [] : [{ path: ['cutoffs', 'method'], message: lintTexts.movingOrder(moving) }];
};
