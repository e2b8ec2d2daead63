import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { functionNames } from '#shared/definitions/functions.ts';
import type { Counter, Gauge, Latency } from '#shared/ports/metrics.ts';
import { awsMetrics } from './aws-metrics.ts';
import { metricsIn, pageOf } from './dashboard-page.ts';
import { deployedLike, findingsOf, operatingTemplate, stageLike, watchedLike } from './operating-world.ts';

/** What the functions and the filter of a log write. */
const ownMetrics = {
  ...{ in: true, out: true, duplicate: true, rejected: true, dead: true, retried: true },
  ...{ 'rows-read': true, drift: true, spilled: true },
  ...{ waiting: true, hints: true, unbalanced: true, deliveries: true, lag: true, oldest: true },
  ...{ receipt_to_change: true, receipt_to_delivery: true },
  'failed-steps': true,
} satisfies Record<Counter | Gauge | Latency | 'failed-steps', true>;

const alarmNamed = (id: string) => ({ AlarmName: `regrade-trial-${id}` });

const template = operatingTemplate(stageLike('msk-new', { alarms: { email: 'a@example.com', lagMinutes: 5 } }));
const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => Properties as AlarmProperties,
);

interface Dimension {
  readonly Name: string;
  readonly Value: string;
}
interface MetricProperties {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly Dimension[];
}
interface AlarmProperties extends Partial<MetricProperties> {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly unknown[];
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Metric: MetricProperties } }[];
}

const metricsOfAlarm = ({ Namespace, MetricName, Dimensions = [], Metrics = [] }: AlarmProperties) => [
  ...(Namespace === undefined || MetricName === undefined ? [] : [{ Namespace, MetricName, Dimensions }]),
  ...Metrics.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric])),
];

describe('alarms', () => {
  it('are told to one topic, each with what to do and where to read on', () => {
    const [topic] = Object.keys(template.findResources('AWS::SNS::Topic'));
    expect(alarms.length).toBeGreaterThan(50);
    for (const { AlarmActions, AlarmDescription } of alarms) {
      expect(AlarmActions).toEqual([{ Ref: topic }]);
      expect(AlarmDescription).toMatch(/[.] infra\/aws\/runbook\.md#[a-z-]+$/);
    }
  });

  it('look at metrics that exist, of functions and stages that exist', () => {
    for (const alarm of alarms)
      for (const { Namespace, MetricName, Dimensions = [] } of metricsOfAlarm(alarm)) {
        const known = Namespace === 'Regrade/trial' ? Object.keys(ownMetrics) : (awsMetrics[Namespace] ?? []);
        expect(known, `${alarm.AlarmName}: ${Namespace}`).toContain(MetricName);
        for (const { Name, Value } of Dimensions) {
          if (Name === 'stage') expect(functionNames).toContain(Value);
          if (Name === 'FunctionName') expect(functionNames.map((name) => `regrade-trial-${name}`)).toContain(Value);
        }
      }
  });

  it('take the minutes that the stage allows records to wait', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarmNamed('late-grade-customers'),
      ...{ Namespace: 'Regrade/trial', MetricName: 'oldest', Statistic: 'Maximum' },
      ...{ Threshold: 300, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' },
      Dimensions: [{ Name: 'stage', Value: 'grade-customers' }],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarmNamed('stuck-rank-cohorts'),
      ...{ EvaluationPeriods: 1, Threshold: 0 },
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'SUM([IF(waiting > 0, 1, 0), -1 * done])' }),
        Match.objectLike({
          MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName: 'OffsetLag' }), Stat: 'Minimum' }),
        }),
      ]),
    });
  });

  it('go off where the clock stands still, and not where a counter had nothing to count', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarmNamed('clock-stopped'),
      ...{ MetricName: 'Invocations', Threshold: 1, ComparisonOperator: 'LessThanThreshold' },
      TreatMissingData: 'breaching',
    });
    const breaching = template.findResources('AWS::CloudWatch::Alarm', {
      Properties: { TreatMissingData: 'breaching' },
    });
    expect(Object.keys(breaching)).toHaveLength(1);
  });

  it('stand at nine tenths of a function’s time and at four fifths of what is reserved', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarmNamed('near-timeout-act-on-changes'),
      Threshold: 81_000,
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarmNamed('concurrency-receive-webhook'),
      Threshold: 16,
    });
    // one of two is half of all
    expect(alarms.map(({ AlarmName }) => AlarmName)).not.toContain('regrade-trial-concurrency-keep-time');
  });

  it('know of silence only where the stage says how long it may last', () => {
    expect(alarms.map(({ AlarmName }) => AlarmName)).not.toContain('regrade-trial-silence');
    const listening = operatingTemplate(stageLike('own-keys'));
    listening.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarmNamed('silence'),
      ...{ MetricName: 'in', Period: 3_600, EvaluationPeriods: 12, TreatMissingData: 'breaching' },
    });
  });

  it('ask for what only pollers of our own tell nowhere else', () => {
    const plain = operatingTemplate(stageLike('plain-mode'), plainWatched);
    const text = JSON.stringify(plain.toJSON());
    expect(text).not.toContain('EventSourceMappingUUID');
    expect(text).not.toContain('AWS/Kafka');
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarmNamed('given-up-resolve-records'),
      MetricName: 'OnFailureDestinationDeliveredEventCount',
      Dimensions: [{ Name: 'EventSourceMappingUUID', Value: 'mapping-of-resolve-records' }],
    });
    plain.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarmNamed('entry-errors'),
      ...{ Namespace: 'AWS/Lambda', MetricName: 'Url5xxCount' },
    });
  });

  it('ask of express brokers nothing that they do not tell', () => {
    const brokers = { type: 'express', count: 3, burstable: false } as const;
    const express = operatingTemplate(
      stageLike('msk-express'),
      watchedLike({ cluster: { name: 'c', serverless: false, brokers } }),
    );
    const text = JSON.stringify(express.toJSON());
    expect(text).not.toMatch(/KafkaDataLogsDiskUsed|OfflinePartitionsCount|CPUCreditBalance/);
    express.hasResourceProperties('AWS::CloudWatch::Alarm', alarmNamed('broker-cpu-3'));
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarmNamed('broker-disk-2'),
      Dimensions: Match.arrayWith([{ Name: 'Broker ID', Value: '2' }]),
    });
  });
});

const plainWatched = watchedLike({ entry: { kind: 'function-url' }, cluster: undefined, natGatewayIds: [] });

describe('the topic of alarms', () => {
  it('takes what CloudWatch says for this account, over TLS alone, and tells it by mail', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: Match.objectLike({ StringEquals: { 'aws:SourceAccount': '111122223333' } }),
          }),
        ]),
      }),
    });
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'a@example.com' });
  });

  it('is the stage’s own where it names one', () => {
    const topicArn = 'arn:aws:sns:us-east-1:111122223333:on-call';
    const told = operatingTemplate(stageLike('kafka-public', { alarms: { topicArn } }), plainWatched);
    told.resourceCountIs('AWS::SNS::Topic', 0);
    told.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [topicArn] });
  });

  it('is encrypted with the stage’s key where there is one', () => {
    const keyed = operatingTemplate(stageLike('own-keys'), watchedLike(), 'arn:aws:kms:us-east-1:111122223333:key/k');
    keyed.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: 'arn:aws:kms:us-east-1:111122223333:key/k' });
  });
});

describe('the dashboard', () => {
  it.each([
    ['msk-new', watchedLike()],
    ['plain-mode', plainWatched],
    ['msk-serverless', watchedLike({ cluster: { name: 'c', serverless: true, brokers: undefined } })],
  ])('of %s shows only metrics that exist', (example, watched) => {
    const page = pageOf(operatingTemplate(stageLike(example), watched));
    const metrics = metricsIn(page);
    expect(metrics.length).toBeGreaterThan(50);
    for (const { namespace, name } of metrics)
      expect(
        namespace === 'Regrade/trial' ? Object.keys(ownMetrics) : (awsMetrics[namespace] ?? []),
        namespace,
      ).toContain(name);
  });

  it('has every alarm, and a row for each question', () => {
    const page = pageOf(template);
    const status = page.widgets.flatMap(({ properties }) => properties.alarms ?? []);
    expect(status).toHaveLength(alarms.length);
    expect(page.widgets.flatMap(({ properties }) => properties.markdown ?? [])).toEqual([
      '## Intake',
      '## Accounting: received = resolved + coalesced + deduplicated + rejected + dead + waiting',
      '## Lag and age',
      '## From a webhook’s receipt',
      '## Dead letters and failures',
      '## Deliveries by channel and state',
      '## Cost: functions and table',
      '## Cost: what else is used',
    ]);
  });

  it('names no series twice in one chart', () => {
    for (const { properties } of pageOf(template).widgets) {
      const ids = (properties.metrics ?? []).flatMap((metric) => (metric.at(-1) as { readonly id?: string }).id ?? []);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

describe('questions to the logs', () => {
  it('are asked of every function', () => {
    const queries = Object.values(template.findResources('AWS::Logs::QueryDefinition'));
    expect(queries.map(({ Properties }) => (Properties as { Name: string }).Name).sort()).toEqual([
      'regrade-trial/failures by stage',
      'regrade-trial/follow one webhook',
    ]);
    for (const { Properties } of queries)
      expect((Properties as { LogGroupNames: string[] }).LogGroupNames).toEqual(
        functionNames.map((name) => `/regrade/trial/${name}`),
      );
  });

  it('count the steps of the clock that failed', () => {
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      LogGroupName: '/regrade/trial/keep-time',
      FilterPattern: '{ ($.level >= 50) && ($.step = "*") }',
      MetricTransformations: [Match.objectLike({ MetricNamespace: 'Regrade/trial', MetricName: 'failed-steps' })],
    });
  });
});

describe('OperatingStack', () => {
  it.each(['china', 'govcloud'])('says nothing of one partition in %s', (example) => {
    const text = JSON.stringify(operatingTemplate(stageLike(example)).toJSON());
    expect(text).not.toMatch(/arn:aws[:-]|amazonaws\.com[^"]/);
  });

  it.each(['msk-new', 'plain-mode', 'own-keys'])('leaves the rules nothing to find in %s', (example) => {
    expect(findingsOf(stageLike(example))).toBe('');
  });
});

describe('what is watched of a whole stage', () => {
  const namesIn = (of: Template, type: string, property: string): readonly unknown[] =>
    Object.values(of.findResources(type)).map(({ Properties }) => (Properties as Record<string, unknown>)[property]);
  const dimensions = (of: Template, name: string): readonly string[] =>
    Object.values(of.findResources('AWS::CloudWatch::Alarm'))
      .flatMap(({ Properties }) => metricsOfAlarm(Properties as AlarmProperties))
      .flatMap(({ Dimensions = [] }) => Dimensions.flatMap((each) => (each.Name === name ? each.Value : [])));

  it('bears the names that the other stacks give', async () => {
    const { data, compute, operating } = await deployedLike('msk-new');
    expect(namesIn(data, 'AWS::DynamoDB::GlobalTable', 'TableName')).toEqual([
      ...new Set(dimensions(operating, 'TableName')),
    ]);
    expect(namesIn(data, 'AWS::MSK::Cluster', 'ClusterName')).toEqual([
      ...new Set(dimensions(operating, 'Cluster Name')),
    ]);
    expect(namesIn(compute, 'AWS::Scheduler::ScheduleGroup', 'Name')).toEqual(['regrade-trial']);
    expect(new Set(dimensions(operating, 'ScheduleGroup'))).toEqual(new Set(['regrade-trial']));
    expect(new Set(dimensions(operating, 'FunctionName'))).toEqual(
      new Set(namesIn(compute, 'AWS::Lambda::Function', 'FunctionName')),
    );
    expect(new Set(dimensions(operating, 'Broker ID')).size).toBe(
      namesIn(data, 'AWS::MSK::Cluster', 'NumberOfBrokerNodes')[0],
    );
    const environments = JSON.stringify(namesIn(compute, 'AWS::Lambda::Function', 'Environment'));
    expect(environments).toContain('"METRICS_NAMESPACE":"Regrade/trial"');
  }, 60_000);

  it('binds nobody: who is watched may go, and what is kept knows nothing of it', async () => {
    const { data, operating } = await deployedLike('msk-new');
    expect(JSON.stringify(operating.toJSON())).not.toContain('Fn::ImportValue');
    const alone = await deployedLike('msk-new', { watched: false });
    expect(data.toJSON()).toEqual(alone.data.toJSON());
  }, 60_000);
});
