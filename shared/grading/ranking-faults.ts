import { areRelative, type RelativeCutoffs } from './cutoffs-shape.ts';
import type { ModelFault, Path } from './model-fault.ts';
import { modelFaultTexts } from './model-fault-texts.ts';
import type { ModelShape } from './model-shape.ts';
import { movementOf } from './movement.ts';
import { placedFactors } from './placed-factors.ts';
import { rankingFaultTexts } from './ranking-fault-texts.ts';
import type { Signal } from './signal.ts';

/**
 * What cannot be ranked: an order that changes at every moment has no next instant to wait for. One decayed signal alone keeps its
 * order, because all of it shrinks by one factor, and so does a count of days, being the order of the days themselves.
 */
export const rankingFaults = (model: ModelShape): ModelFault[] => {
  const { cutoffs, partitions } = model;
  if (!areRelative(cutoffs))
    return partitions.length === 0 ? [] : [{ path: ['partitions'], message: rankingFaultTexts.partitionsNeedRanking }];
  return [
    ...partitions.flatMap((name, i) =>
      partitions.indexOf(name) === i ? [] : [{ path: ['partitions', i], message: modelFaultTexts.twice(name) }],
    ),
    ...(model.score.combine === 'single' ? singleFaults(model, model.score.signal, cutoffs) : sumFaults(model)),
    ...cutoffs.tieBreak.flatMap((tie) => (tie === 'id' ? [] : aloneFaults(model, tie.signal))),
  ];
};

/** Several decays, or one beside other points, have no common factor. */
const sumFaults = (model: ModelShape): ModelFault[] =>
  [...new Set(placedFactors(model).map(({ factor }) => factor.signal))].flatMap((id) => {
    const decay = model.signals[id]?.decay;
    return decay?.align === 'instant'
      ? [{ path: ['signals', id, 'decay'], message: rankingFaultTexts.fadesAmongOthers(decay.halfLife) }]
      : [];
  });

const singleFaults = (model: ModelShape, id: string, { method }: RelativeCutoffs): ModelFault[] => {
  const signal = model.signals[id];
  const movement = signal === undefined ? 'still' : movementOf(signal);
  if (method === 'share' && (movement === 'fades' || movement === 'ages'))
    return [{ path: ['score', 'signal'], message: rankingFaultTexts.shareMoves(id) }];
  return aloneFaults(model, id);
};

/** A signal that is compared by itself: as the score, or to break ties. */
const aloneFaults = ({ signals }: ModelShape, id: string): ModelFault[] => {
  const signal = signals[id];
  const path: Path = ['signals', id];
  if (signal === undefined) return [];
  const fixed = fixedValueOf(signal);
  switch (movementOf(signal)) {
    case 'still':
    case 'expires':
    case 'daily':
      return [];
    case 'fades':
      return [
        ...(givesNegativePoints(signal)
          ? [{ path: [...path, 'decay'], message: rankingFaultTexts.fadesBelowZero(signal.decay?.halfLife ?? '') }]
          : []),
        ...(fixed === undefined || fixed === 0
          ? []
          : [{ path: [...path, 'missing'], message: rankingFaultTexts.fixedAmongMoving }]),
      ];
    case 'ages':
      return fixed === undefined ? [] : [{ path: [...path, 'missing'], message: rankingFaultTexts.fixedAmongMoving }];
  }
};

const fixedValueOf = ({ missing }: Signal): number | undefined =>
  missing !== undefined && 'value' in missing && typeof missing.value === 'number' ? missing.value : undefined;

/** Sums of amounts may fall below zero too, but all of those count alike: as nothing. */
const givesNegativePoints = ({ value }: Signal): boolean => {
  if (value === undefined) return false;
  const signs = 'path' in value ? Object.values(value.sign ?? {}) : Object.values(value.perEvent);
  return signs.some((sign) => sign < 0);
};
