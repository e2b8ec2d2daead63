import { type CustomerExpr, comparisonsIn, type Operand, operandsIn, type Placed } from './expression.ts';
import { comparisonFaults, type ModelFault } from './model-fault.ts';
import type { Axis, Factor, Guard, ModelShape, Tag } from './model-shape.ts';
import { signalFaults } from './signal-faults.ts';

/** The shape must be right already; this finds what the shape cannot say. Empty when the model can be compiled. */
export const modelFaults = (model: ModelShape): readonly ModelFault[] => [
  ...Object.entries(model.signals).flatMap(([id, signal]) => signalFaults(signal, ['signals', id])),
  ...scoreFaults(model),
  ...gradeFaults(model),
  ...cutoffFaults(model),
  ...model.guards.flatMap((guard, i) => guardFaults(model, guard, i)),
  ...(model.scope === undefined ? [] : exprFaults(model, model.scope.when, ['scope', 'when'])),
  ...Object.entries(model.tags).flatMap(([id, tag]) => tagFaults(model, tag, ['tags', id])),
];

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
const groupsOf = ({ score }: ModelShape): readonly string[] =>
  score.combine === 'weightedSum' ? Object.keys(score.groups) : [];

const unknownSignal = (model: ModelShape, id: string, path: readonly PropertyKey[]): ModelFault[] =>
  Object.hasOwn(model.signals, id)
    ? []
    : [{ path, message: `unknown signal ${id}; there are ${listed(Object.keys(model.signals))}` }];

const unknownGroup = (model: ModelShape, id: string, path: readonly PropertyKey[]): ModelFault[] =>
  groupsOf(model).includes(id) ? [] : [{ path, message: `unknown group ${id}; there are ${listed(groupsOf(model))}` }];

const scoreFaults = (model: ModelShape): ModelFault[] => {
  const { score } = model;
  if (score.combine === 'single') {
    const missing = model.signals[score.signal]?.missing;
    const points = missing !== undefined && 'points' in missing;
    return [
      ...unknownSignal(model, score.signal, ['score', 'signal']),
      ...(points
        ? [
            {
              path: ['signals', score.signal, 'missing'],
              message: 'points need a weight; where the signal is the score write missing: { value: … }',
            },
          ]
        : []),
    ];
  }
  const factors = Object.entries(score.groups).flatMap(([group, { factors }]) =>
    factors.map((factor, i) => ({ factor, path: ['score', 'groups', group, 'factors', i] })),
  );
  const total = factors.reduce((sum, { factor }) => sum + factor.weight, 0);
  return [
    ...factors.flatMap(({ factor, path }) => [
      ...unknownSignal(model, factor.signal, [...path, 'signal']),
      ...scaleFaults(model, factor, [...path, 'scale']),
    ]),
    ...(Math.abs(total - 100) > 1e-9
      ? [{ path: ['score', 'groups'], message: `weights sum to ${Number(total.toFixed(9))}, not 100` }]
      : []),
  ];
};

const scaleFaults = (model: ModelShape, { scale, signal }: Factor, path: readonly PropertyKey[]): ModelFault[] => {
  if ('map' in scale && model.signals[signal]?.decay !== undefined)
    return [
      {
        path: [...path, 'map'],
        message: 'a decayed signal is a number that moves all the time; use bands, linear or saturate',
      },
    ];
  for (const kind of ['linear', 'log'] as const) {
    const ends = kind in scale ? (scale as Record<typeof kind, { from: number; to: number }>)[kind] : undefined;
    if (ends !== undefined && ends.from === ends.to)
      return [{ path: [...path, kind, 'to'], message: 'from and to must differ' }];
  }
  const bands = 'bands' in scale ? scale.bands : 'bandsBelow' in scale ? scale.bandsBelow : [];
  return stepFaults(bands, [...path, 'bands' in scale ? 'bands' : 'bandsBelow'], 'bandsBelow' in scale ? 1 : -1);
};

/** `direction` 1: limits must grow; −1: they must fall. */
const stepFaults = (
  steps: readonly (readonly [number, unknown])[],
  path: readonly PropertyKey[],
  direction: 1 | -1,
): ModelFault[] =>
  steps.flatMap(([limit], i) => {
    const before = steps[i - 1]?.[0];
    return before === undefined || (limit - before) * direction > 0
      ? []
      : [
          {
            path: [...path, i, 0],
            message: `limits must ${direction > 0 ? 'grow' : 'fall'} from band to band: ${limit} follows ${before}`,
          },
        ];
  });

const gradeFaults = ({ grades }: ModelShape): ModelFault[] => [
  ...grades.flatMap(({ id }, i) =>
    grades.findIndex((other) => other.id === id) === i
      ? []
      : [{ path: ['grades', i, 'id'], message: `grade ${id} is named twice` }],
  ),
  ...(grades.some(({ ranked }) => ranked) ? [] : [{ path: ['grades'], message: 'at least one grade must be ranked' }]),
];

const cutoffFaults = ({ grades, cutoffs }: ModelShape): ModelFault[] => {
  const expected = grades
    .filter(({ ranked }) => ranked)
    .slice(0, -1)
    .map(({ id }) => id);
  const named = Object.keys(cutoffs.atLeast);
  const path = ['cutoffs', 'atLeast'];
  if (named.join() !== expected.join())
    return [
      { path, message: `cut-offs must name ${listed(expected)}, in this order: every ranked grade but the last` },
    ];
  return named.flatMap((grade, i) => {
    const [score, before] = [cutoffs.atLeast[grade] ?? 0, cutoffs.atLeast[named[i - 1] ?? '']];
    return before === undefined || score < before
      ? []
      : [
          {
            path: [...path, grade],
            message: `${grade} begins at ${score}, not below ${named[i - 1] ?? ''} (${before}); cut-offs must fall`,
          },
        ];
  });
};

const guardFaults = (model: ModelShape, guard: Guard, i: number): ModelFault[] => {
  const [[verb, grade] = ['grade', '']] = Object.entries(guard.then as Record<string, string>);
  const found = model.grades.find(({ id }) => id === grade);
  const path = ['guards', i, 'then', verb];
  const faults = exprFaults(model, guard.when, ['guards', i, 'when']);
  if (found === undefined)
    return [
      ...faults,
      {
        path,
        message: `guard ${guard.id}: unknown grade ${grade}; there are ${listed(model.grades.map(({ id }) => id))}`,
      },
    ];
  if (verb !== 'grade' && !found.ranked)
    return [...faults, { path, message: `guard ${guard.id}: ${grade} is not ranked, so it is no ${verb}` }];
  return faults;
};

const exprFaults = (model: ModelShape, expr: CustomerExpr, path: readonly PropertyKey[]): ModelFault[] => [
  ...operandsIn(expr, path).flatMap((operand) => operandFaults(model, operand)),
  ...comparisonsIn(expr, path).flatMap(comparisonFaults),
];

const operandFaults = (model: ModelShape, { value, path }: Placed<Operand>): ModelFault[] => {
  if (typeof value !== 'object') return [];
  if ('signal' in value) return unknownSignal(model, value.signal, [...path, 'signal']);
  if ('group' in value) return unknownGroup(model, value.group, [...path, 'group']);
  if ('coverage' in value) return unknownGroup(model, value.coverage, [...path, 'coverage']);
  return [];
};

const tagFaults = (model: ModelShape, tag: Tag, path: readonly PropertyKey[]): ModelFault[] => {
  if ('bands' in tag) {
    const { on, ge } = tag.bands;
    const literal = typeof on !== 'object' || Array.isArray(on);
    return [
      ...(literal
        ? [{ path: [...path, 'bands', 'on'], message: 'bands go over a signal, field, group, coverage or the score' }]
        : []),
      ...operandFaults(model, { value: on, path: [...path, 'bands', 'on'] }),
      ...stepFaults(ge, [...path, 'bands', 'ge'], -1),
    ];
  }
  if (!('matrix' in tag)) return [];
  return (['rows', 'cols'] as const).flatMap((name) => axisFaults(model, tag.matrix[name], [...path, 'matrix', name]));
};

const axisFaults = (model: ModelShape, axis: Axis, path: readonly PropertyKey[]): ModelFault[] => [
  ...('group' in axis
    ? unknownGroup(model, axis.group, [...path, 'group'])
    : axis.groups.flatMap((group, i) => unknownGroup(model, group, [...path, 'groups', i]))),
  ...stepFaults(axis.ge, [...path, 'ge'], -1),
];
