import { functions } from '../../../shared/definitions/functions.ts';
import { aMonth } from './a-month.ts';
import { connectionCeiling } from './intake-concurrency.ts';
import { instanceOf } from './new-cluster.ts';
import { arePrivate, hasFixedIp } from './placement.ts';
import { type Refusal, refusal } from './refusal.ts';
import { hasFailureControls, isInChina } from './regions.ts';
import type { Stage } from './stage.ts';

/** What a stage may be, and its operator should know. */
export const warningsOf = (stage: Stage): readonly Refusal[] => [
  ...riskOfPlainMode(stage),
  ...missingControls(stage),
  ...slowSignIn(stage),
  ...fewReplicas(stage),
  ...crowdedIntake(stage),
  ...unprotectedTable(stage),
  ...silentAlarms(stage),
  ...idleNetwork(stage),
  ...closedEntry(stage),
];

const riskOfPlainMode = (stage: Stage): Refusal[] => {
  const { mappings, region } = stage;
  if (mappings.mode !== 'plain') return [];
  const risk = refusal(
    ['mappings', 'mode'],
    'a batch that fails again and again comes again until its records expire, and its partition waits that long; nothing is kept of what Lambda gave up',
    `mode: provisioned limits the retries and keeps such records; its one unit of pollers is paid for by the hour (${aMonth('poller-unit', region)})`,
  );
  return arePrivate(stage) ? [risk, ...wayToLambda(stage)] : [risk];
};

/** In plain mode Lambda reads from inside of the brokers' network, and calls its own service from there. */
const wayToLambda = ({ network, region }: Stage): Refusal[] => {
  const path = ['mappings', 'mode'];
  const why = 'Lambda reads from the subnets of the brokers, and has to reach itself and STS from there';
  switch (network.kind) {
    case 'new':
      return [
        refusal(
          path,
          `${why}: an endpoint of each is made in each zone (each ${aMonth('interface-endpoint-zone', region)})`,
          'mode: provisioned does without them',
        ),
      ];
    case 'existing':
      return [refusal(path, why, 'see that those subnets have a NAT gateway or an endpoint of each')];
    case 'none':
      return [];
  }
};

const topicReaders = Object.values(functions).filter(({ calledBy }) => calledBy.kind === 'topic').length;

const missingControls = ({ mappings, region }: Stage): Refusal[] =>
  mappings.mode === 'provisioned' && !hasFailureControls(region)
    ? [
        refusal(
          ['mappings', 'mode'],
          `in ${region} a batch that fails comes again whole, and the ${topicReaders} functions that read topics share no pollers`,
          `reckon with a unit of pollers for each (${aMonth('poller-unit', region)}); mode: plain takes none, and keeps nothing of what fails`,
        ),
      ]
    : [];

/** docs.aws.amazon.com/msk/latest/developerguide/limits.html: 4 connections a second and broker on t3, otherwise 100. */
const slowSignIn = ({ stream, region }: Stage): Refusal[] => {
  if (stream.kind !== 'msk-provisioned' || !instanceOf(stream).startsWith('kafka.t3.')) return [];
  return [
    refusal(
      ['stream', 'instance'],
      `${instanceOf(stream)} lets in 4 connections a second by IAM: under a burst new functions wait, and webhooks meanwhile take the way through the table`,
      `kafka.m7g.large lets in 100 (each ${aMonth('kafka.m7g.large', region)})`,
    ),
  ];
};

const fewReplicas = ({ stream }: Stage): Refusal[] =>
  stream.kind !== 'msk-serverless' && stream.topics.replicas < 3
    ? [
        refusal(
          ['stream', 'topics', 'replicas'],
          'with fewer than three replicas one broker alone may have acknowledged a record, and lose it',
          'replicas: 3 on three brokers waits for two',
        ),
      ]
    : [];

const crowdedIntake = (stage: Stage): Refusal[] => {
  const asked = stage.functions['receive-webhook']?.concurrency;
  const ceiling = connectionCeiling(stage);
  return asked === undefined || ceiling === undefined || asked <= ceiling
    ? []
    : [
        refusal(
          ['functions', 'receive-webhook', 'concurrency'],
          `the brokers take the connections of about ${ceiling} at once`,
          `write ${ceiling} or fewer, or leave it out`,
        ),
      ];
};

const unprotectedTable = ({ table }: Stage): Refusal[] => [
  ...(table.deletionProtection
    ? []
    : [
        refusal(
          ['table', 'deletionProtection'],
          'one wrong command deletes every customer, grade and ledger',
          'leave it out: protection is free',
        ),
      ]),
  ...(table.pointInTimeRecovery
    ? []
    : [
        refusal(
          ['table', 'pointInTimeRecovery'],
          'what is overwritten or deleted by mistake is gone',
          'leave it out: it costs by the GB that the table holds',
        ),
      ]),
];

const silentAlarms = ({ alarms }: Stage): Refusal[] =>
  alarms.email === undefined && alarms.topicArn === undefined && alarms.channel === undefined
    ? [
        refusal(
          ['alarms'],
          'alarms go off and nobody is told',
          'write alarms: { email: … }, { channel: { name: … } } or { topicArn: … }',
        ),
      ]
    : [];

const idleNetwork = (stage: Stage): Refusal[] =>
  stage.network.kind !== 'none' && !arePrivate(stage) && !hasFixedIp(stage)
    ? [
        refusal(
          ['network', 'kind'],
          'the brokers can be reached from outside, so no function stands in this network',
          'write network: { kind: none }, or make its way out a fixed one',
        ),
      ]
    : [];

/** docs.amazonaws.cn/en_us/aws/latest/userguide/api-gateway.html */
const closedEntry = ({ region }: Stage): Refusal[] =>
  isInChina(region)
    ? [
        refusal(
          ['region'],
          'API Gateway in China answers webhooks only where the account has an ICP licence',
          'file for the recordal before you go live',
        ),
      ]
    : [];
