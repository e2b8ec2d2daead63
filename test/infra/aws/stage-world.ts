import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';
import { Stage } from '#infra/aws/config/stage.ts';
import { planStage, type StagePlan } from '#infra/aws/plan-stage.ts';
import { addCompute, addKept } from '#infra/aws/stacks-of-stage.ts';
import { type FunctionName, functionNames } from '#shared/definitions/functions.ts';

/** The first synthesis of a process reads all that it needs of the library. */
export const firstMs = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'regrade-stages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The settings that `cdk` reads for every command. */
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

export const emptyApp = (): App => new App({ context, outdir: mkdtempSync(join(folder, 'out-')) });

/** Folders as bundles leave them: what is in them does not matter to a template. */
export const assets: ReadonlyMap<FunctionName, string> = new Map(
  functionNames.map((name) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.mjs'), `// ${name}\n`);
    return [name, join(folder, name)];
  }),
);

export type Choices = Readonly<Record<string, unknown>>;

const plannings: Record<string, ReturnType<typeof planStage>> = {};

/** An example, some of its choices replaced, in the account 111122223333. */
export const planOf = async (example: string, choices: Choices = {}): Promise<StagePlan> => {
  const planning = await (plannings[example] ??= planStage(`examples/${example}`));
  if (planning.outcome === 'faulty') throw new Error(planning.problems.map(({ message }) => message).join('; '));
  const { plan } = planning;
  return { ...plan, stage: Stage.parse({ ...plan.stage, account: '111122223333', ...choices }) };
};

export interface ComputeWorld {
  readonly plan: StagePlan;
  /** Of the compute stack. */
  readonly template: Template;
}

/** What runs in a stage, on bundles that are none; nothing is looked over. */
export const computeOf = async (example: string, choices: Choices = {}): Promise<ComputeWorld> => {
  const plan = await planOf(example, choices);
  const app = emptyApp();
  return { plan, template: Template.fromStack(addCompute(app, plan, addKept(app, plan), assets)) };
};
