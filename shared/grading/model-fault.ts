import type { Comparison, Placed } from './expression.ts';
import { modelFaultTexts } from './model-fault-texts.ts';
import type { Text } from './text.ts';

/** Keys and indexes from the top of a model file. */
export type Path = readonly PropertyKey[];

/** What is wrong with a model, in words for its author, and where. */
export interface ModelFault {
  readonly path: Path;
  readonly message: Text;
}

/** The same for the same fault at the same place. */
export const faultKey = ({ path, message }: ModelFault): string => `${path.join('.')}: ${message.en}`;

/** For comparisons about customers and inside `where` alike. */
export const comparisonFaults = <O>({
  value: { op, sides },
  path,
}: Placed<{ op: Comparison; sides: readonly [O, O] }>): ModelFault[] =>
  sides.flatMap((side, i) => {
    if (Array.isArray(side) !== (op === 'in' && i === 1))
      return [{ path: [...path, i], message: modelFaultTexts.listSide(op === 'in' && i === 1) }];
    const ordered = op !== 'eq' && op !== 'ne' && op !== 'in';
    return ordered && (typeof side === 'string' || typeof side === 'boolean')
      ? [{ path: [...path, i], message: modelFaultTexts.noNumber(op, JSON.stringify(side)) }]
      : [];
  });
