import type { CustomerExpr } from './expression.ts';
import { implies } from './implies.ts';
import { lintTexts } from './lint-texts.ts';
import type { ModelFault, Path } from './model-fault.ts';
import type { ModelShape } from './model-shape.ts';

interface Conditional {
  readonly id: string;
  readonly when: CustomerExpr;
}

/** Guards and segments that another one before them always forestalls. */
export const reachLints = ({ guards, segments }: ModelShape): ModelFault[] => [
  // a hold with an end lets the following guards decide afterwards
  ...forestalled(guards, ['guards'], ({ then }) => !('hold' in then && then.until !== undefined)),
  ...forestalled(segments, ['segments'], () => true),
];

const forestalled = <C extends Conditional>(
  list: readonly C[],
  path: Path,
  decides: (earlier: C) => boolean,
): ModelFault[] =>
  list.flatMap(({ when }, i) => {
    const earlier = list.slice(0, i).find((other) => decides(other) && implies(when, other.when));
    return earlier === undefined ? [] : [{ path: [...path, i], message: lintTexts.unreachable(earlier.id) }];
  });
