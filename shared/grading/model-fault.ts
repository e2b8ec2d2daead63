import type { Comparison, Placed } from './expression.ts';

/** What is wrong with a model, in words for its author, and where: keys and indexes from the top of the file. */
export interface ModelFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** For comparisons about customers and inside `where` alike. */
export const comparisonFaults = <O>({
  value: { op, sides },
  path,
}: Placed<{ op: Comparison; sides: readonly [O, O] }>): ModelFault[] =>
  sides.flatMap((side, i) => {
    if (Array.isArray(side) !== (op === 'in' && i === 1))
      return [
        {
          path: [...path, i],
          message: op === 'in' && i === 1 ? 'in needs a list on its right' : 'a list belongs on the right of in',
        },
      ];
    const ordered = op !== 'eq' && op !== 'ne' && op !== 'in';
    return ordered && (typeof side === 'string' || typeof side === 'boolean')
      ? [{ path: [...path, i], message: `${op} compares numbers; ${JSON.stringify(side)} is none` }]
      : [];
  });
