import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, it } from 'vitest';
import { addStacks } from '#infra/aws/stacks-of-stage.ts';
import { Deployment } from '#shared/definitions/deployment.ts';
import { assets, type Choices, emptyApp, firstMs, planOf } from './stage-world.ts';

const bundle = mkdtempSync(join(tmpdir(), 'regrade-teller-'));
writeFileSync(join(bundle, 'index.mjs'), '// tell-alarms\n');
afterAll(() => rmSync(bundle, { recursive: true, force: true }));

const deployed = async (example: string, choices: Choices = {}) => {
  const withTeller = new Map([...assets, ['tell-alarms', bundle] as const]);
  const { operating, data, network } = addStacks(emptyApp(), await planOf(example, choices), withTeller);
  return {
    operating: Template.fromStack(operating),
    data: Template.fromStack(data),
    network: network === undefined ? undefined : Template.fromStack(network),
  };
};

const robot = { alarms: { channel: { name: 'team-chat' } } };
const actionsIn = (template: Template): readonly string[] =>
  Object.values(template.findResources('AWS::IAM::Policy')).flatMap((policy) =>
    (policy as Policy).Properties.PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(
      ({ Action }) => Action,
    ),
  );
interface Made {
  readonly Properties: { readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> } };
}
interface Policy {
  readonly Properties: {
    readonly PolicyDocument: {
      readonly Statement: readonly { readonly Effect: string; readonly Action: string | readonly string[] }[];
    };
  };
}

describe('alarms on a channel of the workspace', { timeout: firstMs }, () => {
  it('are told by a function that SNS alone may call', async () => {
    const { operating } = await deployed('kafka-public', robot);
    const [topic] = Object.keys(operating.findResources('AWS::SNS::Topic'));
    operating.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'sns.amazonaws.com',
      SourceArn: { Ref: topic },
    });
    operating.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'lambda', TopicArn: { Ref: topic } });
    operating.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 2 });
    operating.resourceCountIs('AWS::Lambda::Function', 1);
  });

  it('go by nothing but a secret: brokers and table may be what they are about', async () => {
    const { operating } = await deployed('kafka-public', robot);
    expect(actionsIn(operating)).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
    ]);
    const [made] = Object.values(operating.findResources('AWS::Lambda::Function'));
    const variables = (made as Made).Properties.Environment.Variables;
    expect(Object.keys(variables).sort()).toEqual([
      ...['ALARM_CHANNEL', 'LOG_LEVEL', 'METRICS_NAMESPACE', 'REGRADE_SECRETS', 'REGRADE_WORKSPACE'],
    ]);
    const said = { ...variables, REGRADE_SECRETS: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:x' };
    expect(Deployment.parse(said)).toMatchObject({ ALARM_CHANNEL: 'team-chat', ALARM_RECIPIENTS: [] });
  });

  it('name people, and are encrypted and traced as the rest', async () => {
    const { operating } = await deployed('own-keys');
    operating.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ ALARM_RECIPIENTS: 'night-shift@example.com' }) },
      KmsKeyArn: Match.anyValue(),
      TracingConfig: { Mode: 'Active' },
    });
    expect(actionsIn(operating)).toContain('kms:Decrypt');
    expect(JSON.stringify(operating.findResources('AWS::IAM::Policy'))).not.toContain('dynamodb');
  });

  it('leave from the listed address, where every call does', async () => {
    const { operating } = await deployed('fixed-ip');
    operating.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { SubnetIds: Match.anyValue(), SecurityGroupIds: Match.anyValue() },
    });
    const { operating: outside } = await deployed('kafka-public', robot);
    outside.hasResourceProperties('AWS::Lambda::Function', { VpcConfig: Match.absent() });
  });

  it('change no resource of what is kept', async () => {
    const [without, told] = [await deployed('fixed-ip', { alarms: {} }), await deployed('fixed-ip')];
    const resources = (template: Template | undefined): unknown => template?.toJSON()['Resources'];
    expect(resources(told.data)).toEqual(resources(without.data));
    expect(resources(told.network)).toEqual(resources(without.network));
  });

  it('have an alarm of their own, and none of it is there without a channel', async () => {
    const untold = { AlarmName: Match.stringLikeRegexp('-untold$'), MetricName: 'Errors' };
    const { operating } = await deployed('kafka-public', robot);
    operating.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...untold,
      Dimensions: [{ Name: 'FunctionName', Value: 'regrade-kafka-public-tell-alarms' }],
    });
    const { operating: silent } = await deployed('kafka-public', { alarms: {} });
    expect(silent.findResources('AWS::CloudWatch::Alarm', { Properties: untold })).toEqual({});
    silent.resourceCountIs('AWS::Lambda::Function', 0);
  });
});
