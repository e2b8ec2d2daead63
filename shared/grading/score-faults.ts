import { areRelative } from './cutoffs-shape.ts';
import type { ModelFault, Path } from './model-fault.ts';
import { modelFaultTexts } from './model-fault-texts.ts';
import type { Factor, ModelShape } from './model-shape.ts';
import { placedFactors } from './placed-factors.ts';
import { rankingFaultTexts } from './ranking-fault-texts.ts';
import { unknownSignal } from './reference-faults.ts';
import { stepFaults } from './step-faults.ts';

/** What is wrong with how signals become a score. */
export const scoreFaults = (model: ModelShape): ModelFault[] => {
  const { score } = model;
  if (score.combine === 'single')
    return [...unknownSignal(model, score.signal, ['score', 'signal']), ...pointsFaults(model, score.signal)];
  const factors = placedFactors(model);
  const total = factors.reduce((sum, { factor }) => sum + factor.weight, 0);
  return [
    ...factors.flatMap(({ factor, path }) => [
      ...unknownSignal(model, factor.signal, [...path, 'signal']),
      ...scaleFaults(model, factor, [...path, 'scale']),
    ]),
    ...(Math.abs(total - 100) > 1e-9
      ? [{ path: ['score', 'groups'], message: modelFaultTexts.weightsSum(Number(total.toFixed(9))) }]
      : []),
  ];
};

const pointsFaults = ({ signals }: ModelShape, id: string): ModelFault[] => {
  const missing = signals[id]?.missing;
  return missing !== undefined && 'points' in missing
    ? [{ path: ['signals', id, 'missing'], message: modelFaultTexts.pointsNeedWeight }]
    : [];
};

const scaleFaults = (model: ModelShape, { scale, signal }: Factor, path: Path): ModelFault[] => {
  if ('percentile' in scale) return percentileFaults(model, signal, [...path, 'percentile']);
  if ('map' in scale)
    return model.signals[signal]?.decay === undefined
      ? []
      : [{ path: [...path, 'map'], message: modelFaultTexts.mapOfMoving }];
  if ('bands' in scale) return stepFaults(scale.bands, [...path, 'bands'], -1);
  if ('bandsBelow' in scale) return stepFaults(scale.bandsBelow, [...path, 'bandsBelow'], 1);
  if ('linear' in scale) return endFaults(scale.linear, [...path, 'linear', 'to']);
  return 'log' in scale ? endFaults(scale.log, [...path, 'log', 'to']) : [];
};

const endFaults = ({ from, to }: { readonly from: number; readonly to: number }, path: Path): ModelFault[] =>
  from === to ? [{ path, message: modelFaultTexts.sameEnds }] : [];

const percentileFaults = ({ cutoffs, population }: ModelShape, signal: string, path: Path): ModelFault[] => {
  if (!areRelative(cutoffs)) return [{ path, message: rankingFaultTexts.percentileNeedsRanking }];
  return Object.hasOwn(population?.quantiles ?? {}, signal)
    ? []
    : [{ path, message: rankingFaultTexts.percentileNeedsPopulation(signal) }];
};
