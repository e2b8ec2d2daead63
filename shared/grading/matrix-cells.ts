import type { MatrixCutoffs } from './cutoffs-shape.ts';
import type { Axis } from './model-shape.ts';

/** From the best to `else`, each once. */
const labelsOf = (axis: Axis): readonly string[] => [...new Set([...axis.ge.map(([, label]) => label), axis.else])];

/** Every combination of a row and a column, row by row: row A and column 2 make A2. */
export const matrixCells = ({ rows, cols }: Pick<MatrixCutoffs, 'rows' | 'cols'>): readonly string[] =>
  labelsOf(rows).flatMap((row) => labelsOf(cols).map((col) => `${row}${col}`));
