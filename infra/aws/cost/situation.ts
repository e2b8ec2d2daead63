import { type FunctionName, functionNames } from '../../../shared/definitions/functions.ts';
import { type Calls, type Placement, placementOf } from '../config/placement.ts';
import type { Stage } from '../config/stage.ts';
import type { Assumptions } from './assumptions.ts';
import type { FunctionLoad } from './function-load.ts';
import type { Traffic } from './traffic.ts';

/** What a part of the bill is reckoned from. */
export interface Situation {
  readonly stage: Stage;
  readonly calls: Calls;
  readonly customers: number;
  readonly assumptions: Assumptions;
  readonly traffic: Traffic;
  readonly functionLoads: readonly FunctionLoad[];
}

/** Functions that stand in one of these places. */
export const placed = (
  { stage, calls }: Pick<Situation, 'stage' | 'calls'>,
  ...where: readonly Placement[]
): readonly FunctionName[] => functionNames.filter((name) => where.includes(placementOf(name, stage, calls)));
