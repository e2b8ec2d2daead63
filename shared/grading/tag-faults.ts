import type { ModelFault, Path } from './model-fault.ts';
import { modelFaultTexts } from './model-fault-texts.ts';
import type { Axis, ModelShape, Tag } from './model-shape.ts';
import { operandFaults, unknownGroup } from './reference-faults.ts';
import { stepFaults } from './step-faults.ts';

/** What is wrong with one tag. */
export const tagFaults = (model: ModelShape, tag: Tag, path: Path): ModelFault[] => {
  if ('bands' in tag) {
    const { on, ge } = tag.bands;
    const at = [...path, 'bands', 'on'];
    return [
      ...(typeof on !== 'object' || Array.isArray(on) ? [{ path: at, message: modelFaultTexts.bandsOver }] : []),
      ...operandFaults(model, { value: on, path: at }),
      ...stepFaults(ge, [...path, 'bands', 'ge'], -1),
    ];
  }
  if (!('matrix' in tag)) return [];
  return (['rows', 'cols'] as const).flatMap((name) => axisFaults(model, tag.matrix[name], [...path, 'matrix', name]));
};

export const axisFaults = (model: ModelShape, axis: Axis, path: Path): ModelFault[] => [
  ...('group' in axis
    ? unknownGroup(model, axis.group, [...path, 'group'])
    : axis.groups.flatMap((group, i) => unknownGroup(model, group, [...path, 'groups', i]))),
  ...stepFaults(axis.ge, [...path, 'ge'], -1),
];
