import type { ModelFault } from './model-fault.ts';
import { modelFaultTexts } from './model-fault-texts.ts';
import type { ModelShape } from './model-shape.ts';
import { placedFactors } from './placed-factors.ts';
import { unknownSignal } from './reference-faults.ts';

/** Where a snapshot of the population and the model it stands in do not agree. */
export const populationFaults = (model: ModelShape): ModelFault[] => {
  const { population, score } = model;
  if (population === undefined) return [];
  const factors = score.combine === 'single' ? [score.signal] : placedFactors(model).map(({ factor }) => factor.signal);
  return [
    ...Object.entries(population.means).flatMap(([id, mean]) => {
      const path = ['population', 'means', id];
      if (!factors.includes(id)) return [{ path, message: modelFaultTexts.unknownFactor(id, factors) }];
      const isShare = mean >= 0 && mean <= 1;
      return score.combine === 'single' || isShare ? [] : [{ path, message: modelFaultTexts.meansAreShares }];
    }),
    ...Object.entries(population.quantiles).flatMap(([id, values]) => [
      ...unknownSignal(model, id, ['population', 'quantiles', id]),
      ...fallingFaults(id, values),
    ]),
  ];
};

const fallingFaults = (id: string, values: readonly number[]): ModelFault[] =>
  values.flatMap((value, i) => {
    const before = values[i - 1] ?? Number.NEGATIVE_INFINITY;
    return value >= before
      ? []
      : [{ path: ['population', 'quantiles', id, i], message: modelFaultTexts.quantilesGrow(value, before) }];
  });
