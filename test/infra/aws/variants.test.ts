import { readdirSync } from 'node:fs';
import { aws_iam as iam, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it, vi } from 'vitest';
import { partitionOf } from '#infra/aws/config/regions.ts';
import type { StagePlan } from '#infra/aws/plan-stage.ts';
import { addKept, addStacks, type StageStacks } from '#infra/aws/stacks-of-stage.ts';
import { assets, emptyApp, firstMs, planOf } from './stage-world.ts';

const examples = readdirSync('infra/aws/config/examples')
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));

type Json = Readonly<Record<string, unknown>>;

const templatesOf = (stacks: Partial<StageStacks>): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    Object.entries(stacks as Readonly<Record<string, Stack | undefined>>).flatMap(([part, stack]) =>
      // a finding without a reason is thrown here
      stack === undefined ? [] : [[part, Template.fromStack(stack).toJSON() as Json]],
    ),
  );

/** Without what alarms and dashboard read of it, which binds nobody. */
const unwatched = (template: Json): Json => {
  const outputs = Object.entries((template['Outputs'] ?? {}) as Json);
  return { ...template, Outputs: Object.fromEntries(outputs.filter(([id]) => !id.startsWith('Publish'))) };
};

const plannedQuietly = async (example: string): Promise<StagePlan> => ({ ...(await planOf(example)), warnings: [] });

describe.each(examples)('the example %s', { timeout: firstMs }, (example) => {
  it('leaves no finding of the rules without a reason, stays in its partition, and keeps what is kept when what runs is gone', async () => {
    const plan = await plannedQuietly(example);
    const templates = templatesOf(addStacks(emptyApp(), plan, assets));
    const partition = partitionOf(plan.stage.region);
    for (const [part, template] of Object.entries(templates)) {
      const foreign = [...JSON.stringify(template).matchAll(/\barn:(aws[a-z-]*):/g)].filter(
        ([, name]) => name !== partition,
      );
      expect(foreign, part).toEqual([]);
    }
    const alone = templatesOf(addKept(emptyApp(), plan));
    for (const [part, template] of Object.entries(alone))
      expect(unwatched(template)).toEqual(unwatched(templates[part] ?? {}));
  });
});

describe('the rules', { timeout: firstMs }, () => {
  it('fail the synthesis for a finding that nobody gave a reason for', async () => {
    const plan = await plannedQuietly('kafka-public');
    const { compute } = addStacks(emptyApp(), plan, assets);
    const everything = new iam.PolicyStatement({ actions: ['s3:*'], resources: ['*'] });
    compute.functions['grade-customers'].lambda.addToRolePolicy(everything);
    expect(() => Template.fromStack(compute)).toThrow('AwsSolutions-IAM5[Action::s3:*]');
    // the report is printed as well
    vi.mocked(console.error).mockClear();
  });
});
