import { tagLints } from './band-lints.ts';
import { cutoffLints } from './cutoff-lints.ts';
import { lintTexts } from './lint-texts.ts';
import { marginLints } from './margin-lints.ts';
import type { Model } from './model.ts';
import type { ModelFault } from './model-fault.ts';
import type { ModelShape } from './model-shape.ts';
import { reachLints } from './reach-lints.ts';
import { resolveSegments } from './resolve-segments.ts';
import { segmentLints } from './segment-lints.ts';
import { placedOperands, usedSignals } from './signal-use.ts';
import { weightOf } from './value-range.ts';

/** Something in a model that works, and perhaps not as its author thinks. */
export type ModelLint = ModelFault;

/** Looks at a model that has no faults, and at the model of each of its segments. */
export const lintModel = (model: Model): readonly ModelLint[] => {
  const segments = resolveSegments(model);
  const used = new Set([model, ...segments.map((segment) => segment.model)].flatMap((each) => [...usedSignals(each)]));
  const lints = [...lintsOf(model), ...unusedLints(model, used)];
  return [
    ...lints,
    ...segments.flatMap((segment, i) =>
      segmentLints(model, segment, i, [...lintsOf(segment.model), ...unusedLints(segment.model, used)], lints),
    ),
  ];
};

const lintsOf = (model: ModelShape): ModelLint[] => [
  ...groupLints(model),
  ...cutoffLints(model),
  ...reachLints(model),
  ...aliveLints(model),
  ...marginLints(model),
  ...Object.entries(model.tags).flatMap(([id, tag]) => tagLints(model, tag, ['tags', id])),
  ...(model.explain.baseline === 'population' && model.population === undefined
    ? [{ path: ['explain', 'baseline'], message: lintTexts.noPopulation }]
    : []),
];

const unusedLints = ({ signals }: ModelShape, used: ReadonlySet<string>): ModelLint[] =>
  Object.keys(signals)
    .filter((id) => !used.has(id))
    .map((id) => ({ path: ['signals', id], message: lintTexts.unusedSignal(id) }));

const groupLints = ({ score }: ModelShape): ModelLint[] =>
  score.combine === 'single'
    ? []
    : Object.entries(score.groups).flatMap(([id, group]) => {
        const most = weightOf(group);
        return group.cap === undefined || most >= group.cap
          ? []
          : [{ path: ['score', 'groups', id, 'cap'], message: lintTexts.unreachableCap(group.cap, most) }];
      });

/** Fader, Hardie and Lee's BG/NBD lets nobody leave before a repeat purchase. */
const aliveLints = (model: ModelShape): ModelLint[] =>
  placedOperands(model).flatMap(({ value, path }) => {
    if (typeof value !== 'object' || !('signal' in value) || path[0] === 'tags') return [];
    const from = model.signals[value.signal]?.from;
    return from !== undefined && 'model' in from && from.model === 'bgnbd.alive'
      ? [{ path: [...path, 'signal'], message: lintTexts.aliveAsGuard(value.signal) }]
      : [];
  });
