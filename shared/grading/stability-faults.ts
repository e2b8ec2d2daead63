import { areRelative, isExactPortion } from './cutoffs-shape.ts';
import { parseDuration } from './duration.ts';
import type { ModelFault } from './model-fault.ts';
import type { ModelShape } from './model-shape.ts';
import { rankingFaultTexts } from './ranking-fault-texts.ts';
import type { Stability } from './stability-shape.ts';

/** What is wrong with a model's stability, its shape being right. */
export const stabilityFaults = (model: ModelShape): ModelFault[] => {
  const { stability } = model;
  if (stability === undefined) return [];
  return [
    ...(stability.hysteresis === undefined ? [] : hysteresisFaults(model, stability.hysteresis)),
    ...(['up', 'down'] as const).flatMap((way) =>
      parseDuration(stability.dwell[way]).months > 0
        ? [{ path: ['stability', 'dwell', way], message: rankingFaultTexts.dwellInMonths }]
        : [],
    ),
  ];
};

export type Hysteresis = NonNullable<Stability['hysteresis']>;

const path = ['stability', 'hysteresis'];

const hysteresisFaults = ({ cutoffs }: ModelShape, band: Hysteresis): ModelFault[] => {
  if (cutoffs.method === 'matrix') return [{ path, message: rankingFaultTexts.matrixMargin }];
  if (areRelative(cutoffs) && band.unit !== 'rank')
    return [{ path: [...path, 'unit'], message: rankingFaultTexts.scoreUnitAmongRanks }];
  switch (band.unit) {
    case 'rank':
      if (!areRelative(cutoffs)) return [{ path: [...path, 'unit'], message: rankingFaultTexts.rankUnit }];
      return [...decimalFaults(band), ...reachFaults(cutoffs.upTo, band)];
    case 'relative':
      return band.down < 1 ? [] : [{ path: [...path, 'down'], message: rankingFaultTexts.relativeMargin }];
    case 'score':
      return [];
  }
};

const decimalFaults = (band: Hysteresis): ModelFault[] =>
  (['up', 'down'] as const).flatMap((way) =>
    isExactPortion(band[way]) ? [] : [{ path: [...path, way], message: rankingFaultTexts.marginDecimals }],
  );

/** An entrance lies at p − up, an exit at p + down: both among the customers. */
const reachFaults = (upTo: Readonly<Record<string, number>>, { up, down }: Hysteresis): ModelFault[] =>
  Object.entries(upTo).flatMap(([grade, portion]) => {
    const [entry, exit] = [millionths(portion - up), millionths(portion + down)];
    return [
      ...(entry > 0 ? [] : [{ path: [...path, 'up'], message: rankingFaultTexts.entryBeforeAll(grade, entry) }]),
      ...(exit < 1 ? [] : [{ path: [...path, 'down'], message: rankingFaultTexts.exitBeyondAll(grade, exit) }]),
    ];
  });

/** The sum of two portions as they are written: doubles would show 0.30000000000000004. */
export const millionths = (portion: number): number => Math.round(portion * 1e6) / 1e6;
