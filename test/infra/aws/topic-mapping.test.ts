import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.ts';
import { type Choices, computeOf, firstMs } from './stage-world.ts';

type Mapping = Readonly<Record<string, unknown>>;

const mappingsOf = async (example: string, choices?: Choices): Promise<Readonly<Record<string, Mapping>>> => {
  const { template } = await computeOf(example, choices);
  const mappings = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
  return Object.fromEntries(
    mappings.map(({ Properties }) => {
      const properties = Properties as Mapping;
      return [plainText(properties['FunctionName']).replace(/^<(\w+)Function>$/, '$1'), properties];
    }),
  );
};

const accessOf = (mapping: Mapping | undefined): readonly string[] =>
  ((mapping?.['SourceAccessConfigurations'] ?? []) as { Type: string; URI: unknown }[]).map(
    ({ Type, URI }) => `${Type} ${plainText(URI)}`,
  );

describe('an event source mapping', { timeout: firstMs }, () => {
  it('reads each topic once, as the group that workers use, from the first record on', async () => {
    const mappings = await mappingsOf('msk-iam');
    expect(
      Object.fromEntries(
        Object.entries(mappings).map(([name, mapping]) => {
          const { ConsumerGroupId } = mapping['AmazonManagedKafkaEventSourceConfig'] as { ConsumerGroupId: string };
          return [name, [mapping['Topics'], ConsumerGroupId, mapping['StartingPosition']]];
        }),
      ),
    ).toEqual({
      resolverecords: [['regrade-prod.regrade.webhooks'], 'regrade-prod.resolve-records', 'TRIM_HORIZON'],
      gradecustomers: [['regrade-prod.regrade.events'], 'regrade-prod.grade-customers', 'TRIM_HORIZON'],
      rankcohorts: [['regrade-prod.regrade.cohorts'], 'regrade-prod.rank-cohorts', 'TRIM_HORIZON'],
      actonchanges: [['regrade-prod.regrade.changes'], 'regrade-prod.act-on-changes', 'TRIM_HORIZON'],
    });
  });

  it('limits retries and age with pollers of our own, which all mappings share, and keeps what was given up', async () => {
    const mappings = await mappingsOf('msk-iam', {
      mappings: { mode: 'provisioned', pollers: { least: 2, most: 5 }, batchSize: 50, retries: 4, maxAgeHours: 24 },
    });
    for (const [name, mapping] of Object.entries(mappings)) {
      expect(mapping, name).toMatchObject({
        BatchSize: 50,
        MaximumBatchingWindowInSeconds: 0,
        ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 5, PollerGroupName: 'regrade-msk-iam' },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 4,
        MaximumRecordAgeInSeconds: 86_400,
        BisectBatchOnFunctionError: true,
        MetricsConfig: { Metrics: ['EventCount', 'ErrorCount', 'KafkaMetrics'] },
      });
      const { OnFailure } = mapping['DestinationConfig'] as { OnFailure: { Destination: unknown } };
      expect(plainText(OnFailure.Destination), name).toBe('<Failures>');
    }
  });

  it('leaves out in plain mode all that Lambda refuses there, and has functions throw what they cannot list', async () => {
    const { template } = await computeOf('plain-mode');
    const onlyProvisioned = [
      'ProvisionedPollerConfig',
      'FunctionResponseTypes',
      'MaximumRetryAttempts',
      'MaximumRecordAgeInSeconds',
      'BisectBatchOnFunctionError',
      'DestinationConfig',
      'MetricsConfig',
      'LoggingConfig',
    ];
    const mappings = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
    expect(mappings).toHaveLength(4);
    for (const { Properties } of mappings) {
      expect(Object.keys(Properties as Mapping).filter((key) => onlyProvisioned.includes(key))).toEqual([]);
      expect(Properties).toMatchObject({ BatchSize: 50, MaximumBatchingWindowInSeconds: 1 });
    }
    const variables = Object.values(template.findResources('AWS::Lambda::Function')).map(
      ({ Properties }) =>
        (Properties as { Environment: { Variables: Readonly<Record<string, string>> } }).Environment.Variables,
    );
    expect(variables.map(({ FAILED_RECORDS }) => FAILED_RECORDS ?? 'listed').sort()).toEqual([
      'listed',
      'listed',
      'thrown',
      'thrown',
      'thrown',
      'thrown',
    ]);
  });

  it('asks in China for nothing that Lambda does not know there, and has functions throw what they cannot list', async () => {
    const { template } = await computeOf('china');
    const mappings = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
    expect(mappings).toHaveLength(4);
    for (const { Properties } of mappings) {
      expect(Properties).toMatchObject({
        ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 2 },
        DestinationConfig: { OnFailure: {} },
        MetricsConfig: { Metrics: ['EventCount'] },
      });
      expect(JSON.stringify(Properties)).not.toMatch(
        /PollerGroupName|LoggingConfig|ReportBatchItemFailures|MaximumRetry/,
      );
    }
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'regrade-china-grade-customers',
      Environment: { Variables: { FAILED_RECORDS: 'thrown' } },
    });
  });

  it('reads brokers that are known by their addresses alone from where they can be reached', async () => {
    const { gradecustomers } = await mappingsOf('kafka-private-scram');
    expect(gradecustomers).toMatchObject({
      SelfManagedEventSource: {
        Endpoints: { KafkaBootstrapServers: ['10.20.1.11:9096', '10.20.2.11:9096', '10.20.3.11:9096'] },
      },
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'grade-customers' },
    });
    expect(gradecustomers?.['EventSourceArn']).toBeUndefined();
    const access = accessOf(gradecustomers);
    expect(access.filter((each) => !each.startsWith('VPC_SECURITY_GROUP'))).toEqual([
      'SASL_SCRAM_256_AUTH arn:aws:secretsmanager:eu-central-1:111122223333:secret:kafka-regrade-AbC123',
      'SERVER_ROOT_CA_CERTIFICATE arn:aws:secretsmanager:eu-central-1:111122223333:secret:kafka-authority-DeF456',
      'VPC_SUBNET subnet:subnet-0a1b2c3d4e5f60711',
      'VPC_SUBNET subnet:subnet-0a1b2c3d4e5f60712',
    ]);
    expect(access.filter((each) => each.startsWith('VPC_SECURITY_GROUP security_group:'))).toHaveLength(1);
  });

  it('hands what it gave up to the topic of dead letters, which nobody reads', async () => {
    const mappings = await mappingsOf('kafka-private-scram');
    const topics = Object.values(mappings).flatMap((mapping) => mapping['Topics'] as string[]);
    for (const mapping of Object.values(mappings))
      expect(mapping['DestinationConfig']).toEqual({ OnFailure: { Destination: 'kafka://regrade.dead' } });
    expect(topics).not.toContain('regrade.dead');
  });

  it.each([
    ['msk-iam', []],
    [
      'msk-scram',
      ['SASL_SCRAM_512_AUTH arn:aws:secretsmanager:us-east-1:111122223333:secret:AmazonMSK_regrade-AbC123'],
    ],
    [
      'msk-mtls',
      ['CLIENT_CERTIFICATE_TLS_AUTH arn:aws:secretsmanager:us-east-1:111122223333:secret:kafka-client-AbC123'],
    ],
    ['kafka-public', ['BASIC_AUTH arn:aws:secretsmanager:us-east-1:111122223333:secret:kafka-regrade-AbC123']],
    ['plain-mode', ['SASL_SCRAM_512_AUTH arn:aws:secretsmanager:us-east-1:111122223333:secret:kafka-regrade-AbC123']],
  ])('signs in to %s as its stage says', async (example, access) => {
    const mappings = await mappingsOf(example);
    for (const mapping of Object.values(mappings)) expect(accessOf(mapping)).toEqual(access);
  });

  it('may write to the topic of dead letters where it hands over to it by IAM, for a function that never does', async () => {
    const { template } = await computeOf('msk-iam', { mappings: { mode: 'provisioned', onFailure: 'dead-topic' } });
    const policies = JSON.stringify(template.findResources('AWS::IAM::Policy'));
    const acting = Object.entries(template.findResources('AWS::IAM::Policy')).find(([id]) =>
      id.startsWith('actonchanges'),
    );
    expect(JSON.stringify(acting)).toMatch(
      /kafka-cluster:WriteData"\],"Effect":"Allow","Resource":"[^"]*regrade-prod\.regrade\.dead"/,
    );
    expect(policies).not.toContain('s3:PutObject');
  });
});
