import { type CustomerExpr, comparisonsIn, type Operand, operandsIn, type Placed } from './expression.ts';
import { comparisonFaults, type ModelFault, type Path } from './model-fault.ts';
import { modelFaultTexts } from './model-fault-texts.ts';
import type { ModelShape } from './model-shape.ts';
import { groupNames } from './score-groups.ts';

/** Names that lead nowhere. */
export const unknownSignal = ({ signals }: ModelShape, id: string, path: Path): ModelFault[] =>
  Object.hasOwn(signals, id) ? [] : [{ path, message: modelFaultTexts.unknownSignal(id, Object.keys(signals)) }];

export const unknownGroup = (model: ModelShape, id: string, path: Path): ModelFault[] =>
  groupNames(model).includes(id) ? [] : [{ path, message: modelFaultTexts.unknownGroup(id, groupNames(model)) }];

/** A grade that must exist and, where `use` says what as, be ranked. */
export const gradeFaults = ({ grades }: ModelShape, id: string, path: Path, use?: string): ModelFault[] => {
  const found = grades.find((grade) => grade.id === id);
  if (found === undefined)
    return [
      {
        path,
        message: modelFaultTexts.unknownGrade(
          id,
          grades.map((grade) => grade.id),
        ),
      },
    ];
  return use === undefined || found.ranked ? [] : [{ path, message: modelFaultTexts.notRanked(id, use) }];
};

export const exprFaults = (model: ModelShape, expr: CustomerExpr, path: Path): ModelFault[] => [
  ...operandsIn(expr, path).flatMap((operand) => operandFaults(model, operand)),
  ...comparisonsIn(expr, path).flatMap(comparisonFaults),
];

export const operandFaults = (model: ModelShape, { value, path }: Placed<Operand>): ModelFault[] => {
  if (typeof value !== 'object') return [];
  if ('signal' in value) return unknownSignal(model, value.signal, [...path, 'signal']);
  if ('group' in value) return unknownGroup(model, value.group, [...path, 'group']);
  if ('coverage' in value) return unknownGroup(model, value.coverage, [...path, 'coverage']);
  return [];
};

/** Of things with an id, those whose id another one before them has. */
export const repeatedIds = (things: readonly { readonly id: string }[], path: Path): ModelFault[] =>
  things.flatMap(({ id }, i) =>
    things.findIndex((other) => other.id === id) === i
      ? []
      : [{ path: [...path, i, 'id'], message: modelFaultTexts.twice(id) }],
  );
