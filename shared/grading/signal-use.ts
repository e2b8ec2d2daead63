import { rankedBy } from './cutoff-lints.ts';
import { type CustomerExpr, type Operand, operandsIn, type Placed } from './expression.ts';
import type { ModelShape } from './model-shape.ts';

/** Every operand of scope, guards, segments and tags, with where it stands. */
export const placedOperands = (model: ModelShape): readonly Placed<Operand>[] => {
  const conditions: readonly Placed<CustomerExpr>[] = [
    ...(model.scope === undefined ? [] : [{ value: model.scope.when, path: ['scope', 'when'] }]),
    ...model.guards.map(({ when }, i) => ({ value: when, path: ['guards', i, 'when'] })),
    ...model.segments.map(({ when }, i) => ({ value: when, path: ['segments', i, 'when'] })),
  ];
  return [
    ...conditions.flatMap(({ value, path }) => operandsIn(value, path)),
    ...Object.entries(model.tags).flatMap(([id, tag]) =>
      'bands' in tag ? [{ value: tag.bands.on, path: ['tags', id, 'bands', 'on'] }] : [],
    ),
  ];
};

/** Ids of the signals that anything looks at, its segments' own settings left aside. */
export const usedSignals = (model: ModelShape): ReadonlySet<string> =>
  new Set([
    ...rankedBy(model),
    ...placedOperands(model).flatMap(({ value }) =>
      typeof value === 'object' && 'signal' in value ? [value.signal] : [],
    ),
  ]);
