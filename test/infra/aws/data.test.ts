import { readdirSync } from 'node:fs';
import { aws_iam as iam, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { table } from '#shared/definitions/table.ts';
import { topics } from '#shared/definitions/topics.ts';
import {
  everybody,
  findingsOf,
  type Kept,
  keptBy,
  lookAt,
  noNames,
  ofType,
  type Resource,
  resourcesOf,
  stageOf,
} from './kept-world.ts';

const examples = readdirSync('infra/aws/config/examples')
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));

const dataOf = (name: string, choices: Readonly<Record<string, unknown>> = {}) => {
  const { data } = lookAt(stageOf(name, choices));
  return { data, template: Template.fromStack(data), resources: resourcesOf(data) };
};

/** What holds something that nobody can make again. */
const stateful = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::EC2::EIP',
  'AWS::KMS::Key',
  'AWS::MSK::Cluster',
  'AWS::MSK::Configuration',
  'AWS::MSK::ServerlessCluster',
  'AWS::MSK::Topic',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
];

const statefulOf = ({ data, network }: Kept): readonly (readonly [string, Resource])[] =>
  [data, ...(network === undefined ? [] : [network])]
    .flatMap((stack) => Object.entries(resourcesOf(stack)))
    // an address that nobody was told of may change
    .filter(([id, { Type }]) => stateful.includes(Type) && !id.startsWith('VpcGateways'));

// what CDK is made of is read when it is first used, and a busy machine takes its time over a template
vi.setConfig({ testTimeout: 60_000 });
beforeAll(() => void lookAt(stageOf('msk-new')), 60_000);

describe('the table', () => {
  it('has the keys, the indexes and the time to live that the functions count on, and is billed by use', () => {
    const { template } = dataOf('kafka-public');
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      TableName: 'regrade-test',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: table.partitionKey, KeyType: 'HASH' },
        { AttributeName: table.sortKey, KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: table.timeToLive, Enabled: true },
      GlobalSecondaryIndexes: Object.values(table.indexes).map(({ name, partitionKey, sortKey }) =>
        Match.objectLike({
          IndexName: name,
          KeySchema: [
            { AttributeName: partitionKey, KeyType: 'HASH' },
            { AttributeName: sortKey, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        }),
      ),
      AttributeDefinitions: Match.arrayWith([
        { AttributeName: table.indexes.due.sortKey, AttributeType: 'N' },
        { AttributeName: table.indexes.unpublished.sortKey, AttributeType: 'N' },
      ]),
    });
  });

  it('can be put back to any second and not be deleted, unless the stage wants it otherwise', () => {
    const replica = (deletion: boolean, recovery: boolean) => ({
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: deletion,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: recovery },
        }),
      ],
    });
    dataOf('kafka-public').template.hasResourceProperties('AWS::DynamoDB::GlobalTable', replica(true, true));
    dataOf('kafka-public', {
      table: { deletionProtection: false, pointInTimeRecovery: false },
    }).template.hasResourceProperties('AWS::DynamoDB::GlobalTable', replica(false, false));
  });

  it('bounds what a runaway costs, in its indexes as well', () => {
    const { template } = dataOf('kafka-public', { table: { maxWriteUnits: 500, maxReadUnits: 700 } });
    const bound = Match.objectLike({ WriteOnDemandThroughputSettings: { MaxWriteRequestUnits: 500 } });
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      WriteOnDemandThroughputSettings: { MaxWriteRequestUnits: 500 },
      GlobalSecondaryIndexes: [bound, bound],
      Replicas: [Match.objectLike({ ReadOnDemandThroughputSettings: { MaxReadRequestUnits: 700 } })],
    });
  });
});

describe('the secrets', () => {
  it('are one for each purpose, empty, and in no way of what the workspace names', () => {
    const named = lookAt(stageOf('kafka-public')).data;
    const unnamed = lookAt(stageOf('kafka-public'), { secretNames: noNames }).data;
    const secrets = ofType(resourcesOf(named), 'AWS::SecretsManager::Secret');
    expect(secrets.map(({ Properties }) => [Properties['Name'], Properties['SecretString']])).toEqual([
      ['regrade/test/entrances', '{}'],
      ['regrade/test/crm', '{}'],
      ['regrade/test/channels', '{}'],
    ]);
    expect(resourcesOf(unnamed)).toEqual(resourcesOf(named));
  });

  it('are handed out by purpose, where the workspace names any; the sign-in to the brokers beside them', () => {
    const handed = (name: string, secretNames = { ...noNames, crm: ['ZOHO_CLIENT'] }) =>
      Object.keys(lookAt(stageOf(name), { secretNames }).data.secrets).sort();
    expect(handed('msk-new')).toEqual(['crm']);
    expect(handed('kafka-mtls')).toEqual(['crm', 'stream']);
    expect(lookAt(stageOf('kafka-mtls')).data.authority).toBeDefined();
    expect(lookAt(stageOf('kafka-public')).data.authority).toBeUndefined();
  });
});

describe('the bucket of failed records', () => {
  it('is closed to the public and to plain connections, and forgets', () => {
    const { template } = dataOf('kafka-public', { retention: { deadDays: 12 } });
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 12, Status: 'Enabled' })] },
      VersioningConfiguration: Match.absent(),
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  it.each([
    ['plain mode', { mode: 'plain' }],
    ['the topic of dead letters', { mode: 'provisioned', onFailure: 'dead-topic' }],
  ])('is not made for %s', (_, mappings) => {
    const { data, template } = dataOf('msk-new', { mappings });
    expect(data.failures).toBeUndefined();
    template.resourceCountIs('AWS::S3::Bucket', 0);
  });
});

describe('a key of one’s own', () => {
  it('encrypts table, secrets, bucket, brokers and logs, and turns over', () => {
    const { template, resources } = dataOf('own-keys', { customerKey: true });
    const [[id, key] = []] = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::KMS::Key');
    const arn = { 'Fn::GetAtt': [id, 'Arn'] };
    expect(key?.Properties['EnableKeyRotation']).toBe(true);
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [Match.objectLike({ SSESpecification: { KMSMasterKeyId: arn } })],
    });
    template.allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: arn });
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: arn });
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          Match.objectLike({ ServerSideEncryptionByDefault: { KMSMasterKeyID: arn, SSEAlgorithm: 'aws:kms' } }),
        ],
      },
    });
    template.hasResourceProperties('AWS::MSK::Cluster', {
      EncryptionInfo: { EncryptionAtRest: { DataVolumeKMSKeyId: arn } },
    });
  });

  it('is used by logs of this account and by alarms, and by nobody else in nobody’s name', () => {
    const { resources } = dataOf('china', { customerKey: true });
    const [key] = ofType(resources, 'AWS::KMS::Key');
    const { Statement } = key?.Properties['KeyPolicy'] as {
      Statement: readonly { Sid?: string; Principal: unknown }[];
    };
    expect(Statement.map(({ Sid, Principal }) => [Sid, JSON.stringify(Principal)])).toEqual([
      [undefined, expect.stringContaining(':iam::111122223333:root')],
      ['Logs', expect.stringContaining('logs.cn-north-1.')],
      ['Alarms', '{"Service":"cloudwatch.amazonaws.com"}'],
    ]);
  });

  it('is not made where AWS’s own will do, or another is named', () => {
    const arn = 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-1111-2222-3333-444455556666';
    expect(dataOf('msk-new').data.key).toBeUndefined();
    const { data, template } = dataOf('msk-new', { customerKey: arn });
    expect(data.key?.keyArn).toBe(arn);
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: arn });
  });
});

describe('a new cluster', () => {
  const settingsOf = (resources: ReturnType<typeof resourcesOf>, topic: string): string => {
    const made = ofType(resources, 'AWS::MSK::Topic').find(({ Properties }) => Properties['TopicName'] === topic);
    return Buffer.from(String(made?.Properties['Configs']), 'base64').toString('utf8');
  };

  it('is signed in to by IAM over TLS alone, and makes no topic by itself', () => {
    const { template } = dataOf('msk-new', { stream: { kind: 'msk-provisioned', topics: { replicas: 3 } } });
    template.hasResourceProperties('AWS::MSK::Cluster', {
      ClusterName: 'regrade-test',
      NumberOfBrokerNodes: 3,
      ClientAuthentication: { Sasl: { Iam: { Enabled: true } }, Unauthenticated: { Enabled: false } },
      EncryptionInfo: { EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true } },
      BrokerNodeGroupInfo: {
        InstanceType: 'kafka.t3.small',
        StorageInfo: { EBSStorageInfo: { VolumeSize: 20 } },
        PublicAccess: Match.absent(),
      },
    });
    template.hasResourceProperties('AWS::MSK::Configuration', {
      ServerProperties:
        'auto.create.topics.enable=false\nlog.message.timestamp.type=LogAppendTime\n' +
        'default.replication.factor=3\nmin.insync.replicas=2\n',
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/vendedlogs/regrade/test/brokers',
      RetentionInDays: 30,
    });
  });

  it('has every topic, stamped by the brokers and kept for as long as the stage says', () => {
    const { template, resources } = dataOf('msk-new', {
      stream: { kind: 'msk-provisioned', prefix: 'eu.', topics: { partitions: 6, replicas: 3 } },
      retention: { topicDays: 2, deadDays: 40 },
    });
    template.resourceCountIs('AWS::MSK::Topic', Object.keys(topics).length);
    template.allResourcesProperties('AWS::MSK::Topic', { PartitionCount: 6, ReplicationFactor: 3 });
    expect(settingsOf(resources, `eu.${topics.events}`)).toBe(
      'message.timestamp.type=LogAppendTime\nretention.ms=172800000\nmin.insync.replicas=2\n',
    );
    expect(settingsOf(resources, `eu.${topics.dead}`)).toContain('retention.ms=3456000000\n');
  });

  it('of express brokers chooses neither storage nor what these set by themselves', () => {
    const { template, resources } = dataOf('msk-express');
    template.hasResourceProperties('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: { InstanceType: 'express.m7g.large', StorageInfo: Match.absent() },
      LoggingInfo: Match.absent(),
    });
    template.hasResourceProperties('AWS::MSK::Configuration', {
      ServerProperties: 'auto.create.topics.enable=false\nlog.message.timestamp.type=LogAppendTime\n',
    });
    expect(settingsOf(resources, topics.events)).not.toContain('min.insync.replicas');
  });

  it('without servers is signed in to by IAM, and has its topics made by a command', () => {
    const { data, template } = dataOf('msk-serverless');
    template.hasResourceProperties('AWS::MSK::ServerlessCluster', {
      ClusterName: 'regrade-test',
      ClientAuthentication: { Sasl: { Iam: { Enabled: true } } },
    });
    template.resourceCountIs('AWS::MSK::Topic', 0);
    template.hasOutput('TopicsCommand', { Value: 'npx regrade topics create --stage test' });
    expect(data.brokers.cluster).toMatchObject({ name: 'regrade-test', serverless: true });
  });

  it('is asked for its addresses by who may ask that of it and nothing else', () => {
    const { template } = dataOf('msk-new');
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'kafka:GetBootstrapBrokers',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Cluster'), 'Arn'] },
          },
        ],
      },
    });
    template.hasOutput('Brokers', {
      Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BootstrapBrokers'), 'BootstrapBrokerStringSaslIam'] },
    });
  });

  it('cannot be made without a network', () => {
    expect(() => dataOf('msk-new', { network: { kind: 'none' } })).toThrow('write network: { kind: new }');
  });
});

describe('brokers that are there', () => {
  it('are told as the stage names them, and nothing is made for them', () => {
    const { data, template } = dataOf('msk-iam');
    const { stream } = stageOf('msk-iam');
    if (stream.kind !== 'msk') throw new Error('the example has another stream');
    expect(data.brokers).toEqual({
      bootstrap: stream.brokers.join(','),
      cluster: { arn: stream.clusterArn, name: stream.clusterArn.split('/')[1], serverless: false },
    });
    template.hasOutput('ClusterArn', { Value: stream.clusterArn });
    for (const type of ['AWS::MSK::Cluster', 'AWS::MSK::Topic', 'AWS::Lambda::Function'])
      template.resourceCountIs(type, 0);
    expect(dataOf('kafka-public').data.brokers.cluster).toBeUndefined();
  });
});

describe('what is kept', () => {
  it.each(examples)('stays when its stack goes: %s', (name) => {
    const world = lookAt(stageOf(name), { calls: everybody });
    const kept = statefulOf(world);
    expect(kept.map(([, { Type }]) => Type)).toContain('AWS::DynamoDB::GlobalTable');
    for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of kept)
      expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, 'Retain', 'Retain']);
    expect(world.data.terminationProtection).toBe(true);
  });

  it.each(examples)('has no finding that nobody gave a reason for: %s', (name) => {
    expect(findingsOf(stageOf(name))).toEqual([]);
  });

  it.each(['china', 'govcloud'])('is written for its own partition: %s', (name) => {
    const stage = stageOf(name, { customerKey: true, tracing: false });
    const { data, network } = lookAt(stage, { calls: everybody });
    const text = JSON.stringify([data, network].map((stack) => Template.fromStack(stack as Stack).toJSON() as object));
    expect(text).not.toContain('arn:aws:');
    expect(text.match(/(?<![a-z-])(us|eu|ap)-[a-z]+-\d/g)?.filter((region) => region !== stage.region) ?? []).toEqual(
      [],
    );
  });

  it.each(examples)('changes for nobody who uses it: %s', (name) => {
    const alone = lookAt(stageOf(name, { customerKey: true }));
    const used = keptBy(stageOf(name, { customerKey: true }));
    const user = new Stack(used.app, 'user', { env: { region: used.data.region, account: '111122223333' } });
    const role = new iam.Role(user, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const { table: kept, key, secrets, authority, failures, brokers } = used.data;
    kept.grantReadWriteData(role);
    key?.grantEncryptDecrypt(role);
    failures?.grantReadWrite(role);
    for (const secret of [...Object.values(secrets), authority]) secret?.grantRead(role);
    user.exportValue([brokers.bootstrap, brokers.cluster?.arn, failures?.bucketName].join(), { name: 'Used' });
    expect(Template.fromStack(used.data).toJSON()).toEqual(Template.fromStack(alone.data).toJSON());
  });
});

describe('between two versions', () => {
  /** What means another resource when it changes, after the CloudFormation reference of each type. */
  const replacing: Readonly<Record<string, readonly string[]>> = {
    'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema'],
    'AWS::EC2::EIP': ['Domain'],
    'AWS::KMS::Key': [],
    'AWS::MSK::Cluster': ['ClusterName', 'EncryptionInfo'],
    'AWS::MSK::Configuration': ['Name', 'KafkaVersionsList'],
    'AWS::MSK::ServerlessCluster': ['ClusterName', 'VpcConfigs', 'ClientAuthentication'],
    'AWS::MSK::Topic': ['ClusterArn', 'TopicName', 'ReplicationFactor'],
    'AWS::S3::Bucket': ['BucketName'],
    'AWS::SecretsManager::Secret': ['Name'],
  };
  /** Of a cluster's brokers only where they stand is for good. */
  const standing = ({ Properties }: Resource): unknown =>
    (Properties['BrokerNodeGroupInfo'] as { ClientSubnets?: unknown } | undefined)?.ClientSubnets;

  const identitiesOf = (kept: Kept): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      statefulOf(kept).map(([id, resource]) => [
        id,
        [
          resource.Type,
          standing(resource),
          ...(replacing[resource.Type] ?? []).map((property) => resource.Properties[property]),
        ],
      ]),
    );

  const changes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'how much is logged': { logLevel: 'debug', tracing: true },
    'how long things are kept': { retention: { logDays: 90, topicDays: 14, deadDays: 60 } },
    'the entry': { entry: { kind: 'function-url' } },
    'the mappings': { mappings: { mode: 'provisioned', batchSize: 10, pollers: { least: 2, most: 8 } } },
    'the functions': { architecture: 'x86_64', functions: { 'grade-customers': { memoryMb: 1_024 } } },
    'what the table costs at most': { table: { maxWriteUnits: 100, pointInTimeRecovery: false } },
    'the alarms': { alarms: { lagMinutes: 60 } },
  };

  const versionOf = (name: string, choices: Readonly<Record<string, unknown>> = {}) =>
    identitiesOf(lookAt(stageOf(name, choices), { calls: everybody }));

  it.each(Object.keys(changes))('changing %s replaces nothing that is kept', (what) => {
    expect(versionOf('msk-new', changes[what])).toEqual(versionOf('msk-new'));
  });

  it.each(['msk-serverless', 'fixed-ip', 'own-keys'])('all of it at once replaces nothing that is kept: %s', (name) => {
    const all = Object.assign({}, ...Object.values(changes)) as Readonly<Record<string, unknown>>;
    expect(versionOf(name, all)).toEqual(versionOf(name));
  });

  it('a workspace that begins to call out, or stops, moves no broker', () => {
    const quiet = identitiesOf(lookAt(stageOf('msk-new')));
    expect(identitiesOf(lookAt(stageOf('msk-new'), { calls: everybody }))).toEqual(quiet);
  });

  it('a brokers’ size, their number and their storage change in place', () => {
    const stream = { kind: 'msk-provisioned', topics: { replicas: 3 } };
    const before = identitiesOf(lookAt(stageOf('msk-new', { stream })));
    const larger = { ...stream, instance: 'kafka.m7g.large', brokersPerZone: 2, storageGb: 100 };
    expect(identitiesOf(lookAt(stageOf('msk-new', { stream: larger })))).toEqual(before);
  });
});
