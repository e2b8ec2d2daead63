import { aws_iam as iam } from 'aws-cdk-lib';
import { type FunctionName, functions } from '../../../shared/definitions/functions.ts';
import { arePrivate } from '../config/placement.ts';
import type { ComputeSettings } from './compute-settings.ts';
import { signInOf } from './sign-in.ts';

type Mapped = Pick<ComputeSettings, 'stage' | 'holdings'>;

/** Where Lambda puts records that it gave up: it makes up the names (docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html). */
export const failuresUnder = (bucketArn: string): string => `${bucketArn}/aws/lambda/*`;

/** Whether Lambda keeps the records of this stage that it gave up in the bucket. */
export const keepsInBucket = ({ mappings }: Mapped['stage']): boolean =>
  mappings.mode === 'provisioned' && mappings.onFailure === 'bucket';

/** What Lambda does under a function's role to read its topic, beside what it does on the brokers themselves. */
export const mappingStatements = (name: FunctionName, { stage, holdings }: Mapped): readonly iam.PolicyStatement[] => {
  if (functions[name].calledBy.kind !== 'topic') return [];
  const { brokers, failures } = holdings;
  return [
    ...(brokers.cluster === undefined ? [] : [clusterStatement(stage, brokers.cluster.arn)]),
    ...(keepsInBucket(stage) && failures !== undefined
      ? [
          new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [failuresUnder(failures.bucketArn)] }),
          new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [failures.bucketArn] }),
        ]
      : []),
  ];
};

const clusterStatement = ({ stream }: Mapped['stage'], clusterArn: string): iam.PolicyStatement =>
  new iam.PolicyStatement({
    actions: [
      'kafka:DescribeCluster',
      'kafka:DescribeClusterV2',
      'kafka:GetBootstrapBrokers',
      ...(signInOf(stream) === 'scram-sha-512' ? ['kafka:ListScramSecrets'] : []),
    ],
    resources: [clusterArn],
  });

/** What Lambda does in EC2 to stand beside brokers that cannot be reached from outside. */
export const mappedActions = (name: FunctionName, { stage }: Mapped): readonly string[] =>
  functions[name].calledBy.kind === 'topic' && arePrivate(stage)
    ? [
        'CreateNetworkInterface',
        'DeleteNetworkInterface',
        'DescribeNetworkInterfaces',
        'DescribeSecurityGroups',
        'DescribeSubnets',
        'DescribeVpcs',
      ]
    : [];
