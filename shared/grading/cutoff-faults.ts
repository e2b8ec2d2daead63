import { areRelative, type MatrixCutoffs, type RelativeCutoffs } from './cutoffs-shape.ts';
import { matrixCells } from './matrix-cells.ts';
import type { ModelFault, Path } from './model-fault.ts';
import type { ModelShape } from './model-shape.ts';
import { rankingFaultTexts } from './ranking-fault-texts.ts';
import { gradeFaults, unknownSignal } from './reference-faults.ts';
import { axisFaults } from './tag-faults.ts';

/** What is wrong with the cut-offs of a model, its shape being right. */
export const cutoffFaults = (model: ModelShape): ModelFault[] => {
  const { cutoffs } = model;
  const path = ['cutoffs'];
  if (cutoffs.method === 'matrix') return matrixFaults(model, cutoffs, path);
  const limit =
    cutoffs.nonPositive === undefined
      ? []
      : gradeFaults(model, cutoffs.nonPositive, [...path, 'nonPositive'], 'nonPositive');
  if (areRelative(cutoffs)) return [...relativeFaults(model, cutoffs, path), ...limit];
  return [...atLeastFaults(model, cutoffs.atLeast, [...path, 'atLeast']), ...limit];
};

/** Every ranked grade but the last. */
const gradesWithCutoff = ({ grades }: ModelShape): readonly string[] =>
  grades
    .filter(({ ranked }) => ranked)
    .slice(0, -1)
    .map(({ id }) => id);

const orderFaults = (model: ModelShape, named: Readonly<Record<string, number>>, path: Path): ModelFault[] => {
  const expected = gradesWithCutoff(model);
  return Object.keys(named).join() === expected.join()
    ? []
    : [{ path, message: rankingFaultTexts.gradesInOrder(expected) }];
};

type Turned = (grade: string, value: number, better: string, before: number) => ModelFault['message'];

/** Cut-offs that do not fall (`direction` −1) or grow (1) from grade to grade. */
const turnFaults = (
  named: Readonly<Record<string, number>>,
  path: Path,
  direction: 1 | -1,
  say: Turned,
): ModelFault[] =>
  Object.entries(named).flatMap(([grade, value], i, all) => {
    const [better, before] = all[i - 1] ?? [];
    return better === undefined || before === undefined || (value - before) * direction > 0
      ? []
      : [{ path: [...path, grade], message: say(grade, value, better, before) }];
  });

const atLeastFaults = (model: ModelShape, atLeast: Readonly<Record<string, number>>, path: Path): ModelFault[] => [
  ...orderFaults(model, atLeast, path),
  ...turnFaults(atLeast, path, -1, rankingFaultTexts.scoresFall),
];

const relativeFaults = (model: ModelShape, cutoffs: RelativeCutoffs, path: Path): ModelFault[] => {
  const { upTo, minPopulation, fallback } = cutoffs;
  return [
    ...orderFaults(model, upTo, [...path, 'upTo']),
    ...turnFaults(upTo, [...path, 'upTo'], 1, rankingFaultTexts.portionsGrow),
    ...tieBreakFaults(model, cutoffs, [...path, 'tieBreak']),
    ...(fallback === undefined ? [] : atLeastFaults(model, fallback.atLeast, [...path, 'fallback', 'atLeast'])),
    ...(minPopulation > 0 && fallback === undefined
      ? [{ path: [...path, 'minPopulation'], message: rankingFaultTexts.noFallback(minPopulation) }]
      : []),
    ...(minPopulation === 0 && fallback !== undefined
      ? [{ path: [...path, 'fallback'], message: rankingFaultTexts.fallbackWithoutMinimum }]
      : []),
  ];
};

const tieBreakFaults = (model: ModelShape, { tieBreak }: RelativeCutoffs, path: Path): ModelFault[] => {
  const id = tieBreak.indexOf('id');
  return [
    ...tieBreak.flatMap((tie, i) => (tie === 'id' ? [] : unknownSignal(model, tie.signal, [...path, i, 'signal']))),
    ...(id >= 0 && id < tieBreak.length - 1 ? [{ path: [...path, id], message: rankingFaultTexts.afterId }] : []),
  ];
};

const matrixFaults = (model: ModelShape, cutoffs: MatrixCutoffs, path: Path): ModelFault[] => {
  const cells = matrixCells(cutoffs);
  const repeated = cells.find((cell, i) => cells.indexOf(cell) < i);
  const at = [...path, 'cells'];
  return [
    ...axisFaults(model, cutoffs.rows, [...path, 'rows']),
    ...axisFaults(model, cutoffs.cols, [...path, 'cols']),
    ...(repeated === undefined ? [] : [{ path: at, message: rankingFaultTexts.sameCell(repeated) }]),
    ...cells
      .filter((cell) => !Object.hasOwn(cutoffs.cells, cell))
      .map((cell) => ({ path: at, message: rankingFaultTexts.noCell(cell) })),
    ...Object.entries(cutoffs.cells).flatMap(([cell, grade]) =>
      cells.includes(cell)
        ? gradeFaults(model, grade, [...at, cell], 'cell')
        : [{ path: [...at, cell], message: rankingFaultTexts.foreignCell(cell, cells) }],
    ),
  ];
};
