import type * as z from 'zod';
import { areRelative } from './cutoffs-shape.ts';
import { mergeSettings } from './merge-settings.ts';
import { faultKey, type ModelFault, type Path } from './model-fault.ts';
import { modelFaultTexts } from './model-fault-texts.ts';
import { modelFaults } from './model-faults.ts';
import { ModelShape } from './model-shape.ts';
import { movementOf } from './movement.ts';
import { placeInSettings } from './place-in-settings.ts';
import { rankingFaultTexts } from './ranking-fault-texts.ts';
import type { Segment } from './segment-shape.ts';
import type { Text } from './text.ts';

export interface SegmentFaults {
  /** What has not the form it should, as the schema says it. */
  readonly issues: readonly z.core.$ZodIssue[];
  readonly faults: readonly ModelFault[];
}

/** What is wrong with the model of a segment's customers and not with the model itself, told where the segment says it. */
export const segmentFaults = (model: ModelShape, { set }: Segment, place: Path): SegmentFaults => {
  // an empty message leaves the sentence to whoever reads the file
  const merged = ModelShape.safeParse(mergeSettings(model, set), { error: () => '' });
  if (!merged.success)
    return { issues: merged.error.issues.map((issue) => placedIssue(issue, model, set, place)), faults: [] };
  const known = new Set(modelFaults(model).map(faultKey));
  const faults = [...modelFaults(merged.data), ...cohortFaults(model, merged.data, set)];
  return {
    issues: [],
    faults: faults.filter((fault) => !known.has(faultKey(fault))).map((fault) => placedFault(fault, model, set, place)),
  };
};

const placedIssue = (
  issue: z.core.$ZodIssue,
  model: ModelShape,
  set: Segment['set'],
  place: Path,
): z.core.$ZodIssue => {
  const { path, beyond } = placeInSettings(model, set, issue.path);
  return { ...issue, path: [...place, 'set', ...path, ...beyond] };
};

/** What the settings do not say themselves is told of all of them, with the name of the setting it is about. */
const placedFault = (fault: ModelFault, model: ModelShape, set: Segment['set'], place: Path): ModelFault => {
  const { path, message } = placedSentence(fault, model, set);
  return { path: [...place, 'set', ...path], message };
};

export const placedSentence = (
  { path, message }: ModelFault,
  model: ModelShape,
  set: Segment['set'],
): { readonly path: Path; readonly message: Text } => {
  const found = placeInSettings(model, set, path);
  return found.beyond.length === 0
    ? { path: found.path, message }
    : { path: found.path, message: modelFaultTexts.withSettings(path.join('.'), message) };
};

/** Customers of a segment without cut-offs of its own are ranked with all others: by the same thresholds, by scores of one kind. */
const cohortFaults = (model: ModelShape, merged: ModelShape, set: Segment['set']): ModelFault[] => {
  if (set.cutoffs !== undefined || set.partitions !== undefined || !areRelative(merged.cutoffs)) return [];
  return [
    ...(marginsOf(model) === marginsOf(merged)
      ? []
      : [{ path: ['stability', 'hysteresis'], message: rankingFaultTexts.needsOwnCohort }]),
    ...(kindsOf(model) === kindsOf(merged)
      ? []
      : [{ path: [set.score === undefined ? 'signals' : 'score'], message: rankingFaultTexts.needsOwnRanking }]),
  ];
};

const marginsOf = ({ stability }: ModelShape): string => {
  const band = stability?.hysteresis;
  return band?.unit === 'rank' ? `${band.up} ${band.down}` : '0 0';
};

/** In what a rank is counted: values, days, or a decay's own time-invariant measure. */
const kindsOf = ({ score, signals, cutoffs }: ModelShape): string => {
  const ties = areRelative(cutoffs) ? cutoffs.tieBreak.flatMap((tie) => (tie === 'id' ? [] : [tie.signal])) : [];
  return [...(score.combine === 'single' ? [score.signal] : []), ...ties]
    .map((id) => {
      const signal = signals[id];
      const movement = signal === undefined ? 'still' : movementOf(signal);
      if (movement === 'fades') return `fades by ${signal?.decay?.halfLife ?? ''}`;
      return movement === 'ages' ? movement : 'value';
    })
    .join();
};
