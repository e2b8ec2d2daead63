import { readFileSync } from 'node:fs';
import { App, aws_kms as kms, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { parse } from 'yaml';
import { Stage } from '#infra/aws/config/stage.ts';
import type { Watched, WatchedFunction } from '#infra/aws/operating/watched.ts';
import { watchedOf } from '#infra/aws/operating/watched-of.ts';
import { OperatingStack } from '#infra/aws/stacks/operating-stack.ts';
import { addCompute, addKept } from '#infra/aws/stacks-of-stage.ts';
import { type FunctionDefinition, type FunctionName, functionNames, functions } from '#shared/definitions/functions.ts';
import { assets, emptyApp, planOf } from './stage-world.ts';

// the library's own look-over of every template takes seconds; it is made where all of a stage is synthesised
process.env['CDK_VALIDATION'] = 'false';

/** An example of a stage file, with some choices changed. */
export const stageLike = (example: string, changes: Readonly<Record<string, unknown>> = {}): Stage =>
  Stage.parse({
    ...(parse(readFileSync(`infra/aws/config/examples/${example}.yaml`, 'utf8')) as object),
    ...changes,
  });

/** A cluster of brokers as small as they come. */
const smallBrokers = { type: 'standard', count: 2, burstable: true } as const;

/** Plain names in place of those that a deployment gives. */
export const watchedLike = (changes: Partial<Watched> = {}): Watched => ({
  functions: Object.fromEntries(functionNames.map((name) => [name, functionLike(name)])) as Watched['functions'],
  entry: { kind: 'http-api', apiId: 'a1b2c3d4e5' },
  scheduleGroup: 'regrade-trial',
  tableName: 'regrade-trial',
  cluster: { name: 'regrade-trial', serverless: false, brokers: smallBrokers },
  natGatewayIds: ['nat-0123456789abcdef0'],
  ...changes,
});

const functionLike = (name: FunctionName): WatchedFunction => {
  const { calledBy, memoryMb }: FunctionDefinition = functions[name];
  return {
    name: `regrade-trial-${name}`,
    logGroupName: `/regrade/trial/${name}`,
    memoryMb,
    concurrency: { 'receive-webhook': 20, 'keep-time': 2 }[name as string],
    mappingId: calledBy.kind === 'topic' ? `mapping-of-${name}` : undefined,
  };
};

const addOperating = (app: App, stage: Stage, watched: Watched, keyArn?: string): OperatingStack => {
  const env = { account: '111122223333', region: stage.region };
  const key = keyArn === undefined ? undefined : kms.Key.fromKeyArn(new Stack(app, 'kept', { env }), 'Key', keyArn);
  const parts = { stageName: 'trial', stage, watched, key, telling: undefined, env };
  return new OperatingStack(app, 'regrade-trial-operating', parts);
};

export const operatingTemplate = (stage: Stage, watched: Watched = watchedLike(), keyArn?: string): Template =>
  Template.fromStack(addOperating(new App(), stage, watched, keyArn));

/** What the rules find that nobody gave a reason for: the synthesis throws then. */
export const findingsOf = (stage: Stage, watched: Watched = watchedLike()): string => {
  const app = new App({ context: { '@aws-cdk/core:failSynthOnValidationErrors': true } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  try {
    Template.fromStack(addOperating(app, stage, watched));
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

export interface Deployed {
  readonly data: Template;
  readonly compute: Template;
  readonly operating: Template;
}

/** An example as the whole of it is deployed; not `watched`: nothing is taken over from the others. */
export const deployedLike = async (example: string, { watched = true } = {}): Promise<Deployed> => {
  const plan = { ...(await planOf(example)), stageName: 'trial' };
  const app = emptyApp();
  const { network, data } = addKept(app, plan);
  const compute = addCompute(app, plan, { network, data }, assets);
  const operating = addOperating(
    app,
    plan.stage,
    watched
      ? watchedOf({ stageName: plan.stageName, stage: plan.stage, running: compute, holdings: data, natGatewayIds: [] })
      : watchedLike(),
  );
  return {
    data: Template.fromStack(data),
    compute: Template.fromStack(compute),
    operating: Template.fromStack(operating),
  };
};
