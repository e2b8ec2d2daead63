import { Annotations, type App, type StackProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { Assets } from './assets.ts';
import { watchedOf } from './operating/watched-of.ts';
import type { StagePlan } from './plan-stage.ts';
import { ComputeStack } from './stacks/compute-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { NetworkStack, noSite } from './stacks/network-stack.ts';
import { OperatingStack } from './stacks/operating-stack.ts';

/** What stays when everything that runs is taken away. */
export interface KeptStacks {
  /** Undefined where everything stands outside. */
  readonly network: NetworkStack | undefined;
  readonly data: DataStack;
}

export interface StageStacks extends KeptStacks {
  readonly compute: ComputeStack;
  readonly operating: OperatingStack;
}

/**
 * Adds what a stage deploys to an app, in the order in which it is deployed, and has it looked over by the rules of AwsSolutions and
 * Serverless: a finding that nobody gave a reason for fails the synthesis.
 */
export const addStacks = (app: App, plan: StagePlan, assets: Assets): StageStacks => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  const kept = addKept(app, plan);
  const compute = addCompute(app, plan, kept, assets);
  const operating = addOperating(app, plan, { ...kept, compute }, assets.get('tell-alarms'));
  for (const warning of plan.warnings)
    Annotations.of(kept.data).addWarningV2(`regrade:${warning.split(':')[0] ?? ''}`, warning);
  return { ...kept, compute, operating };
};

/** The stacks that know nothing of what runs on them. */
export const addKept = (app: App, plan: StagePlan): KeptStacks => {
  const { stageName, stage, calls, secretNames } = plan;
  const network =
    stage.network.kind === 'none'
      ? undefined
      : new NetworkStack(app, idOf(plan, 'network'), {
          ...{ stageName, stage, calls, secretNames },
          ...propsOf(plan, 'where functions and brokers stand'),
        });
  const data = new DataStack(app, idOf(plan, 'data'), {
    ...{ stageName, stage, site: network ?? noSite, secretNames },
    ...propsOf(plan, 'everything that is kept'),
  });
  return { network, data };
};

export const addCompute = (app: App, plan: StagePlan, { network, data }: KeptStacks, assets: Assets): ComputeStack => {
  const { stageName, stage } = plan;
  const compute = new ComputeStack(app, idOf(plan, 'compute'), {
    ...{ stageName, stage, site: network ?? noSite, holdings: data, assets },
    ...propsOf(plan, 'what runs and keeps nothing'),
  });
  compute.addStackDependency(data, 'functions need the table and the topics from their first call on');
  return compute;
};

const addOperating = (
  app: App,
  plan: StagePlan,
  { network, data, compute }: Omit<StageStacks, 'operating'>,
  teller: string | undefined,
): OperatingStack => {
  const { stageName, stage } = plan;
  return new OperatingStack(app, idOf(plan, 'operating'), {
    ...{ stageName, stage, key: data.key },
    telling: teller === undefined ? undefined : { site: network ?? noSite, holdings: data, asset: teller },
    watched: watchedOf({
      stageName,
      stage,
      running: compute,
      holdings: data,
      natGatewayIds: network?.natGatewayIds ?? [],
    }),
    ...propsOf(plan, 'what looks after the others'),
  });
};

const idOf = ({ stageName }: StagePlan, part: string): string => `regrade-${stageName}-${part}`;

const propsOf = ({ stageName, stage }: StagePlan, what: string): StackProps => ({
  description: `Regrade ${stageName}: ${what}`,
  env: { region: stage.region, ...(stage.account === undefined ? {} : { account: stage.account }) },
  tags: { application: 'regrade', stage: stageName },
});
