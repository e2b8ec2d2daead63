import { cutoffFaults } from './cutoff-faults.ts';
import type { ModelFault } from './model-fault.ts';
import { modelFaultTexts } from './model-fault-texts.ts';
import type { Guard, ModelShape } from './model-shape.ts';
import { populationFaults } from './population-faults.ts';
import { rankingFaults } from './ranking-faults.ts';
import { exprFaults, gradeFaults, repeatedIds } from './reference-faults.ts';
import { scoreFaults } from './score-faults.ts';
import { signalFaults } from './signal-faults.ts';
import { stabilityFaults } from './stability-faults.ts';
import { tagFaults } from './tag-faults.ts';

/**
 * The shape must be right already; this finds what the shape cannot say. Empty when the model can be compiled, its segments left
 * aside.
 */
export const modelFaults = (model: ModelShape): readonly ModelFault[] => [
  ...(model.scope === undefined ? [] : exprFaults(model, model.scope.when, ['scope', 'when'])),
  ...Object.entries(model.signals).flatMap(([id, signal]) => signalFaults(signal, ['signals', id])),
  ...scoreFaults(model),
  ...rankedGradeFaults(model),
  ...cutoffFaults(model),
  ...rankingFaults(model),
  ...repeatedIds(model.guards, ['guards']),
  ...model.guards.flatMap((guard, i) => guardFaults(model, guard, i)),
  ...stabilityFaults(model),
  ...repeatedIds(model.segments, ['segments']),
  ...model.segments.flatMap(({ when }, i) => exprFaults(model, when, ['segments', i, 'when'])),
  ...Object.entries(model.tags).flatMap(([id, tag]) => tagFaults(model, tag, ['tags', id])),
  ...populationFaults(model),
];

const rankedGradeFaults = ({ grades }: ModelShape): ModelFault[] => [
  ...repeatedIds(grades, ['grades']),
  ...(grades.some(({ ranked }) => ranked) ? [] : [{ path: ['grades'], message: modelFaultTexts.noRankedGrade }]),
];

const guardFaults = (model: ModelShape, { when, then }: Guard, i: number): ModelFault[] => {
  const path = ['guards', i, 'then'];
  const faults = exprFaults(model, when, ['guards', i, 'when']);
  if ('grade' in then && !('hold' in then)) return [...faults, ...gradeFaults(model, then.grade, [...path, 'grade'])];
  if ('cap' in then) return [...faults, ...gradeFaults(model, then.cap, [...path, 'cap'], 'cap')];
  if ('floor' in then) return [...faults, ...gradeFaults(model, then.floor, [...path, 'floor'], 'floor')];
  return faults;
};
