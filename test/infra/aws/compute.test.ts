import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { intakeConcurrency } from '#infra/aws/config/intake-concurrency.ts';
import { talksToBrokers } from '#infra/aws/config/placement.ts';
import { Deployment } from '#shared/definitions/deployment.ts';
import { type FunctionDefinition, functionNames, functions } from '#shared/definitions/functions.ts';
import { grantsOf, listOf, statementsOf } from './grants-in.ts';
import { plainText } from './plain-text.ts';
import { type ComputeWorld, computeOf, firstMs } from './stage-world.ts';

const cluster = 'arn:aws:kafka:us-east-1:111122223333:cluster/shared/0d7c1e4a-8f3b-4a52-9d1f-6b2e7c9a1f33-4';
const topic = (name: string): string => `${cluster.replace(':cluster/', ':topic/')}/regrade-prod.${name}`;
const group = (name: string): string => `${cluster.replace(':cluster/', ':group/')}/regrade-prod.${name}`;
const table = 'arn:aws:dynamodb:us-east-1:111122223333:table/<Table>';
const placed = [
  'ec2:AssignPrivateIpAddresses *',
  'ec2:CreateNetworkInterface *',
  'ec2:DeleteNetworkInterface *',
  'ec2:DescribeNetworkInterfaces *',
  'ec2:DescribeSubnets *',
  'ec2:UnassignPrivateIpAddresses *',
];
const mapped = [
  'ec2:CreateNetworkInterface *',
  'ec2:DeleteNetworkInterface *',
  'ec2:DescribeNetworkInterfaces *',
  'ec2:DescribeSecurityGroups *',
  'ec2:DescribeSubnets *',
  'ec2:DescribeVpcs *',
];
const read = (name: string, from: string): readonly string[] => [
  `kafka-cluster:AlterGroup ${group(name)}`,
  `kafka-cluster:Connect ${cluster}`,
  `kafka-cluster:DescribeClusterDynamicConfiguration ${cluster}`,
  `kafka-cluster:DescribeGroup ${group(name)}`,
  `kafka-cluster:DescribeTopic ${topic(from)}`,
  `kafka-cluster:ReadData ${topic(from)}`,
  `kafka:DescribeCluster ${cluster}`,
  `kafka:DescribeClusterV2 ${cluster}`,
  `kafka:GetBootstrapBrokers ${cluster}`,
  's3:ListBucket <Failures>',
  's3:PutObject <Failures>/aws/lambda/*',
];
const append = (to: string): readonly string[] => [
  `kafka-cluster:DescribeTopic ${topic(to)}`,
  `kafka-cluster:WriteData ${topic(to)}`,
];
const log = (role: string): readonly string[] => [
  `logs:CreateLogStream <${role}LogsGroup>`,
  `logs:PutLogEvents <${role}LogsGroup>`,
];
const onTable = (actions: readonly string[]): readonly string[] => [
  ...actions.map((action) => `dynamodb:${action} ${table}`),
  `dynamodb:Query ${table}/index/due`,
  `dynamodb:Query ${table}/index/unpublished`,
];
const sorted = (...lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())].sort();

describe('the compute stack by IAM on a cluster that is there', { timeout: firstMs }, () => {
  let world: ComputeWorld;
  beforeAll(async () => {
    world = await computeOf('msk-iam');
  }, firstMs);

  it('lets receive-webhook append to one topic, put what is spilled, and read its own secrets', () => {
    expect(grantsOf(world.template, 'receivewebhook')).toEqual(
      sorted(placed, append('regrade.webhooks'), log('receivewebhook'), [
        `kafka-cluster:Connect ${cluster}`,
        `dynamodb:PutItem ${table}`,
        'secretsmanager:GetSecretValue <Entrances>',
      ]),
    );
  });

  it('lets grade-customers read one topic as its group, append to four, and read no secret', () => {
    expect(grantsOf(world.template, 'gradecustomers')).toEqual(
      sorted(
        placed,
        mapped,
        read('grade-customers', 'regrade.events'),
        ...['changes', 'cohorts', 'events', 'dead'].map((name) => append(`regrade.${name}`)),
        onTable(functions['grade-customers'].table),
        log('gradecustomers'),
      ),
    );
  });

  it('lets act-on-changes append to nothing, and only the mapping stand beside the brokers', () => {
    expect(grantsOf(world.template, 'actonchanges')).toEqual(
      sorted(
        mapped,
        read('act-on-changes', 'regrade.changes'),
        onTable(functions['act-on-changes'].table),
        log('actonchanges'),
        ['secretsmanager:GetSecretValue <Channels>', 'secretsmanager:GetSecretValue <Crm>'],
      ),
    );
  });

  it('lets keep-time append everywhere, ask how far every group is, and read no topic', () => {
    const { watches, appends, table: actions } = functions['keep-time'];
    expect(grantsOf(world.template, 'keeptime')).toEqual(
      sorted(
        placed,
        ...appends.map(append),
        watches.map((name) => `kafka-cluster:DescribeGroup ${group(name)}`),
        onTable(actions),
        log('keeptime'),
        [`kafka-cluster:Connect ${cluster}`],
        ['secretsmanager:GetSecretValue <Channels>', 'secretsmanager:GetSecretValue <Crm>'],
      ),
    );
  });

  it('gives each function the actions on the table that the list of functions names, and no other', () => {
    for (const name of functionNames) {
      const { table: actions }: FunctionDefinition = functions[name];
      const granted = grantsOf(world.template, name.replaceAll('-', ''))
        .filter((grant) => grant.endsWith(`:table/<Table>`))
        .map((grant) => /^dynamodb:(\w+) /.exec(grant)?.[1]);
      expect(granted, name).toEqual([...actions].sort());
    }
  });

  it('denies the code of a function what Lambda does to its network interfaces', () => {
    const [denied] = statementsOf(world.template, 'gradecustomers').filter(({ Effect }) => Effect === 'Deny');
    expect(denied?.Action).toEqual([...new Set([...placed, ...mapped].map((grant) => grant.replace(' *', '')))].sort());
    expect(denied?.Condition).toEqual({
      ArnEquals: {
        'lambda:SourceFunctionArn': 'arn:aws:lambda:us-east-1:111122223333:function:regrade-msk-iam-grade-customers',
      },
    });
  });

  it('lets the clock call keep-time alone', () => {
    expect(grantsOf(world.template, 'clock')).toEqual(['lambda:InvokeFunction <keeptimeFunction>']);
  });

  it('calls keep-time each minute, makes no call twice and keeps none that found no room', () => {
    const template = world.template;
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it('says in the environment what `Deployment` names, and nothing else', () => {
    for (const { name, variables } of environmentsOf(world)) {
      const unknown = Object.keys(variables).filter((key) => !(key in Deployment.shape));
      expect(unknown, name).toEqual([]);
      // references stand for what they come to
      const parsed = Deployment.safeParse({ ...variables, ...standIns(variables) });
      expect(parsed.error?.issues ?? [], name).toEqual([]);
      expect('KAFKA_BROKERS' in variables, name).toBe(talksToBrokers(name));
      expect(variables['METRICS_NAMESPACE'], name).toBe('Regrade/msk-iam');
    }
  });

  it('reserves room for the intake and the clock, and bounds nobody who reads a topic', () => {
    const reserved = Object.fromEntries(
      functionsOf(world).map(({ name, properties }) => [name, properties['ReservedConcurrentExecutions']]),
    );
    expect(reserved).toEqual({
      'receive-webhook': intakeConcurrency(world.plan.stage),
      'resolve-records': undefined,
      'grade-customers': undefined,
      'rank-cohorts': undefined,
      'act-on-changes': undefined,
      'keep-time': 2,
    });
  });

  it('takes time, memory and concurrency from the list of functions, unless the stage says otherwise', async () => {
    const { template } = await computeOf('msk-iam', {
      functions: { 'grade-customers': { memoryMb: 1_024, concurrency: 7 } },
      architecture: 'x86_64',
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'regrade-msk-iam-grade-customers',
      Architectures: ['x86_64'],
      MemorySize: 1_024,
      Timeout: 60,
      ReservedConcurrentExecutions: 7,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'regrade-msk-iam-act-on-changes',
      MemorySize: 512,
      Timeout: 90,
    });
  });

  it('keeps lines as JSON for as long as the stage says, and beyond the functions', () => {
    const template = world.template;
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
    expect(groups).toHaveLength(functionNames.length + 1);
    for (const each of groups) {
      expect(each['Properties']).toMatchObject({ RetentionInDays: 30 });
      expect(each['DeletionPolicy']).toBe('RetainExceptOnCreate');
    }
    template.allResourcesProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', LogGroup: Match.anyValue() },
    });
  });

  it('throttles the entry, and logs which route was taken but never a path', () => {
    const template = world.template;
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 },
    });
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const { Format } = (stage?.['Properties'] as { AccessLogSettings: { Format: string } }).AccessLogSettings;
    expect(JSON.parse(Format)).toMatchObject({ route: '$context.routeKey' });
    expect(Format).not.toMatch(/path|resourcePath|authorizer/i);
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /hooks/{proxy+}' });
  });

  it('opens nothing to the public but the entry', () => {
    const template = world.template;
    expect(Object.keys(template.findResources('AWS::Lambda::Url'))).toEqual([]);
    const principals = Object.values(template.findResources('AWS::Lambda::Permission')).map(
      ({ Properties }) => (Properties as { Principal: string }).Principal,
    );
    expect(principals).toEqual(['apigateway.amazonaws.com']);
  });
});

describe('the compute stack with a secret of the stream', { timeout: firstMs }, () => {
  it('gives nobody an action on the brokers, and the secret to who talks to them or is fed by them', async () => {
    const { template } = await computeOf('kafka-mtls');
    const compute = template;
    const client = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:kafka-client-AbC123';
    const authority = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:kafka-authority-DeF456';
    for (const name of functionNames) {
      const grants = grantsOf(compute, name.replaceAll('-', ''));
      expect(
        grants.filter((grant) => /^kafka/.test(grant)),
        name,
      ).toEqual([]);
      expect(grants, name).toContain(`secretsmanager:GetSecretValue ${client}`);
      expect(grants, name).toContain(`secretsmanager:GetSecretValue ${authority}`);
    }
  });

  it('opens the key of such a secret through Secrets Manager and for this secret alone', async () => {
    const { template } = await computeOf('kafka-public');
    const [decrypt] = statementsOf(template, 'gradecustomers').filter(({ Action }) =>
      listOf(Action).includes('kms:Decrypt'),
    );
    expect(plainText(decrypt?.Resource)).toBe('arn:aws:kms:us-east-1:111122223333:key/*');
    expect(decrypt?.Condition?.['StringEquals']).toMatchObject({
      'kms:EncryptionContext:SecretARN': ['arn:aws:secretsmanager:us-east-1:111122223333:secret:kafka-regrade-AbC123'],
    });
  });

  it('names its secrets in the environment with the prefix under which they are found, and to who talks to brokers only', async () => {
    const world = await computeOf('kafka-mtls');
    const sources = Object.fromEntries(
      environmentsOf(world).map(({ name, variables }) => [name, plainText(variables['REGRADE_SECRETS'] ?? '')]),
    );
    expect(sources['grade-customers']).toBe(
      'KAFKA_=arn:aws:secretsmanager:eu-west-1:111122223333:secret:kafka-client-AbC123,KAFKA_CA_=arn:aws:secretsmanager:eu-west-1:111122223333:secret:kafka-authority-DeF456',
    );
    expect(sources['receive-webhook']).toMatch(/^<Entrances>,KAFKA_=arn/);
    expect(sources['act-on-changes']).toBe('<Channels>,<Crm>');
  });
});

describe('the compute stack with a key of one’s own', { timeout: firstMs }, () => {
  let world: ComputeWorld;
  beforeAll(async () => {
    world = await computeOf('own-keys');
  }, firstMs);

  it('encrypts environments and logs with it, and traces every call', () => {
    const template = world.template;
    template.allResourcesProperties('AWS::Lambda::Function', {
      KmsKeyArn: Match.anyValue(),
      TracingConfig: { Mode: 'Active' },
    });
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.anyValue() });
  });

  it('lets functions use it through the services alone that encrypt with it', () => {
    const [use] = statementsOf(world.template, 'gradecustomers').filter(({ Action }) =>
      listOf(Action).includes('kms:GenerateDataKey'),
    );
    expect(plainText(use?.Resource)).toBe('<Key>');
    expect(listOf(use?.Condition?.['StringEquals']?.['kms:ViaService']).map(plainText)).toEqual([
      'dynamodb.us-east-1.<AWS::URLSuffix>',
      'secretsmanager.us-east-1.<AWS::URLSuffix>',
      's3.us-east-1.<AWS::URLSuffix>',
    ]);
  });

  it('opens the one function URL to everyone, by both permissions that Lambda asks for', () => {
    const template = world.template;
    template.resourceCountIs('AWS::Lambda::Url', 1);
    template.hasResourceProperties('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunctionUrl', Principal: '*' });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal: '*',
      InvokedViaFunctionUrl: true,
    });
    template.resourceCountIs('AWS::ApiGatewayV2::Api', 0);
  });
});

const functionsOf = ({ template, plan }: ComputeWorld) =>
  Object.values(template.findResources('AWS::Lambda::Function')).map((resource) => {
    const properties = resource['Properties'] as Readonly<Record<string, unknown>>;
    const name = String(properties['FunctionName']).replace(`regrade-${plan.stageName}-`, '');
    return { name: name as (typeof functionNames)[number], properties };
  });

const environmentsOf = (world: ComputeWorld) =>
  functionsOf(world).map(({ name, properties }) => ({
    name,
    variables: (properties['Environment'] as { Variables: Readonly<Record<string, unknown>> }).Variables,
  }));

/** Plain texts for what is known only once it is deployed. */
const standIns = (variables: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> => ({
  DYNAMODB_TABLE: 'regrade-test',
  ...('REGRADE_SECRETS' in variables
    ? { REGRADE_SECRETS: plainText(variables['REGRADE_SECRETS']).replaceAll(/<\w+>/g, 'arn:aws:secretsmanager:x') }
    : {}),
});
