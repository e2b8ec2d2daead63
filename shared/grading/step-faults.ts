import type { ModelFault, Path } from './model-fault.ts';
import { modelFaultTexts } from './model-fault-texts.ts';

/** Limits of bands that do not grow (`direction` 1) or fall (−1) from one to the next. */
export const stepFaults = (
  steps: readonly (readonly [number, unknown])[],
  path: Path,
  direction: 1 | -1,
): ModelFault[] =>
  steps.flatMap(([limit], i) => {
    const before = steps[i - 1]?.[0];
    return before === undefined || (limit - before) * direction > 0
      ? []
      : [{ path: [...path, i, 0], message: modelFaultTexts.limitsTurn(direction, limit, before) }];
  });
