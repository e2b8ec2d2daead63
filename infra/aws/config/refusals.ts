import type { Workspace } from '../../../shared/definitions/workspace.ts';
import { callsOf } from './calls-of.ts';
import type { Calls } from './placement.ts';
import type { Refusal } from './refusal.ts';
import { alarmRefusals } from './refusals/alarm-refusals.ts';
import { foreignArns } from './refusals/foreign-arns.ts';
import { mappingRefusals } from './refusals/mapping-refusals.ts';
import { newClusterRefusals } from './refusals/new-cluster-refusals.ts';
import { reachRefusals } from './refusals/reach-refusals.ts';
import { regionRefusals } from './refusals/region-refusals.ts';
import { signInRefusals } from './refusals/sign-in-refusals.ts';
import { subnetRefusals } from './refusals/subnet-refusals.ts';
import { wayOutRefusals } from './refusals/way-out-refusals.ts';
import type { Stage } from './stage.ts';

/** What a stage cannot be that deploys this workspace. */
export const refusalsWith = (stage: Stage, workspace: Workspace): readonly Refusal[] => [
  ...refusalsOf(stage, callsOf(workspace)),
  ...alarmRefusals(stage, workspace),
];

/** What a stage cannot be, whoever deploys it; `calls` says whom its workspace calls. */
export const refusalsOf = (stage: Stage, calls: Calls): readonly Refusal[] => [
  ...regionRefusals(stage),
  ...signInRefusals(stage),
  ...newClusterRefusals(stage),
  ...reachRefusals(stage),
  ...subnetRefusals(stage),
  ...wayOutRefusals(stage, calls),
  ...mappingRefusals(stage),
  ...foreignArns(stage),
];
