import { compileModel } from '../../../shared/grading/compile-model.ts';
import { callsOf } from '../../aws/config/calls-of.ts';
import type { Calls } from '../../aws/config/placement.ts';
import type { Stage } from '../../aws/config/stage.ts';
import { alternativesFor } from '../../aws/cost/alternatives.ts';
import { type Assumptions, defaultAssumptions } from '../../aws/cost/assumptions.ts';
import { billOf } from '../../aws/cost/bill-of.ts';
import { listedIn } from '../../aws/cost/price-list.ts';
import { referenceStage } from '../../aws/cost/reference-stages.ts';
import type { LoadedModel, LoadedWorkspace } from '../../node/workspace/load-workspace.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { openWorkspace } from '../open-workspace.ts';
import { printBill } from '../print-bill.ts';
import { openStage } from '../stage/open-stage.ts';

export interface CostOptions extends GlobalOptions, Partial<Assumptions> {
  readonly webhooksPerMonth: number;
  readonly customers: number;
  readonly region?: string;
  readonly json?: boolean;
}

/** Reckons what a deployment costs in a month. Asks nobody: prices are in a file. */
export const cost = async (context: CliContext, options: CostOptions): Promise<ExitCode> => {
  const asked = await understand(context, options);
  if (asked === undefined) return 1;
  const { stage, calls, supposed } = asked;
  const { webhooksPerMonth, customers, stage: named } = options;
  const region = options.region ?? stage.region;
  const assumptions = { ...defaultAssumptions, ...supposed, ...assumptionsIn(options) };
  const request = { webhooksPerMonth, customers, calls, region, assumptions };
  const reckoned = {
    ...{ webhooksPerMonth, customers, stage: named, assumptions },
    prices: { month: listedIn.month, region: listedIn.region },
    bill: billOf({ ...request, stage }),
    alternatives: alternativesFor(request),
  };
  context.out(options.json === true ? `${JSON.stringify(reckoned, null, 2)}\n` : printBill(reckoned, context.language));
  return 0;
};

interface Asked {
  readonly stage: Stage;
  readonly calls: Calls;
  /** What follows from the workspace. */
  readonly supposed: Partial<Assumptions>;
}

/** Undefined after the problems of the stage, or of its workspace, were told. */
const understand = async (context: CliContext, { stage: named, region }: CostOptions): Promise<Asked | undefined> => {
  if (named === undefined)
    return {
      stage: referenceStage('msk-new', region ?? listedIn.region),
      calls: { crm: true, channels: true },
      supposed: {},
    };
  const opened = await openStage(context, named);
  if (opened === undefined) return undefined;
  const loaded = await openWorkspace(context, { workspace: opened.workspaceFile, starting: false });
  return loaded === undefined
    ? undefined
    : { stage: opened.stage, calls: callsOf(loaded.workspace), supposed: supposedOf(loaded) };
};

const supposedOf = ({ workspace, models }: LoadedWorkspace): Partial<Assumptions> => ({
  readBackShare: callsOf(workspace).crm ? 1 : 0,
  rankedShare: models.some(ranks) ? 1 : 0,
});

const ranks = ({ model, hash }: LoadedModel): boolean => compileModel(model, hash).ranks;

const assumptionNames = Object.keys(defaultAssumptions) as readonly (keyof Assumptions)[];

const assumptionsIn = (options: Partial<Assumptions>): Partial<Assumptions> =>
  Object.fromEntries(assumptionNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
