import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { parse } from 'yaml';
import type { Calls } from '#infra/aws/config/placement.ts';
import { Stage } from '#infra/aws/config/stage.ts';
import type { SecretNames } from '#infra/aws/parts.ts';
import { DataStack } from '#infra/aws/stacks/data-stack.ts';
import { NetworkStack, noSite } from '#infra/aws/stacks/network-stack.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}
export type Resources = Readonly<Record<string, Resource>>;

const validation = '@aws-cdk/core:validateAgainstDefaultRules';

/** The settings that `cdk` reads for every command. */
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

const example = (name: string): object =>
  parse(readFileSync(join('infra/aws/config/examples', `${name}.yaml`), 'utf8')) as object;

/** An example as it stands, with some of its choices replaced. */
export const stageOf = (name: string, choices: Readonly<Record<string, unknown>> = {}): Stage =>
  Stage.parse({ ...example(name), ...choices });

const everyName: SecretNames = { entrances: ['SHOP_SECRET'], crm: ['ZOHO_CLIENT'], channels: ['WECOM_URL'] };
export const noNames: SecretNames = { entrances: [], crm: [], channels: [] };

export interface Around {
  readonly calls?: Calls;
  readonly secretNames?: SecretNames;
}

interface Choosing extends Around {
  /** CDK looks the templates over by rules of its own, which takes longer than to make them. */
  readonly validated?: boolean;
}

/** The network and what is kept of a stage named `test`; nobody calls out unless it is said. */
export const keptBy = (stage: Stage, { calls = nobody, secretNames = everyName, validated = false }: Choosing = {}) => {
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [], [validation]: validated } });
  const own = { stageName: 'test', stage, secretNames, env: { region: stage.region, account: '111122223333' } };
  const network =
    stage.network.kind === 'none' ? undefined : new NetworkStack(app, 'regrade-test-network', { ...own, calls });
  const data = new DataStack(app, 'regrade-test-data', { ...own, site: network ?? noSite });
  return { app, network, data };
};
export type Kept = ReturnType<typeof keptBy>;

const seen = new Map<string, Kept>();

/** The same, made once for equal choices: nothing is to be added to it. */
export const lookAt = (stage: Stage, around: Around = {}): Kept => {
  const key = JSON.stringify([stage, around]);
  const kept = seen.get(key) ?? keptBy(stage, around);
  seen.set(key, kept);
  return kept;
};

export const nobody: Calls = { crm: false, channels: false };
export const everybody: Calls = { crm: true, channels: true };

/** Rule and construct of every finding that nobody gave a reason for, where everybody calls out. */
export const findingsOf = (stage: Stage): readonly string[] => {
  const { app } = keptBy(stage, { calls: everybody, validated: true });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  const { directory } = app.synth();
  const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as Report;
  return report.pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    ),
  );
};

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

export const resourcesOf = (stack: DataStack | NetworkStack): Resources =>
  (Template.fromStack(stack).toJSON() as { Resources: Resources }).Resources;

export const ofType = (resources: Resources, type: string): readonly Resource[] =>
  Object.values(resources).filter(({ Type }) => Type === type);
