import { canonicalJson } from '../domain/json.ts';
import { rankedBy } from './cutoff-lints.ts';
import { areRelative } from './cutoffs-shape.ts';
import { lintTexts } from './lint-texts.ts';
import { faultKey, type ModelFault } from './model-fault.ts';
import type { ModelShape } from './model-shape.ts';
import type { ResolvedSegment } from './resolve-segments.ts';
import { placedSentence } from './segment-faults.ts';

/** Of what was `found` in the model of a segment what is not `known` from the model itself, told where the segment says it. */
export const segmentLints = (
  model: ModelShape,
  segment: ResolvedSegment,
  i: number,
  found: readonly ModelFault[],
  known: readonly ModelFault[],
): ModelFault[] => {
  const set = model.segments[i]?.set ?? {};
  const told = new Set(known.map(faultKey));
  const own = [...found.filter((lint) => !told.has(faultKey(lint))), ...otherScoreLints(model, segment)];
  return own.map((lint) => {
    const { path, message } = placedSentence(lint, model, set);
    return { path: ['segments', i, 'set', ...path], message };
  });
};

const otherScoreLints = (model: ModelShape, { model: merged, ownCohort }: ResolvedSegment): ModelFault[] => {
  if (ownCohort || !areRelative(merged.cutoffs) || scoring(model) === scoring(merged)) return [];
  const changesScore = canonicalJson(model.score) !== canonicalJson(merged.score);
  return [{ path: [changesScore ? 'score' : 'signals'], message: lintTexts.otherScore }];
};

/** All that a place among others comes from. */
const scoring = (model: ModelShape): string =>
  canonicalJson([model.score, rankedBy(model).map((id) => model.signals[id])]);
