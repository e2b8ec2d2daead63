import { Fn, aws_iam as iam } from 'aws-cdk-lib';
import { type FunctionDefinition, type FunctionName, functions } from '../../../shared/definitions/functions.ts';
import { topics } from '../../../shared/definitions/topics.ts';
import type { Stage } from '../config/stage.ts';
import { signInOf } from './sign-in.ts';

/** The ARN of a topic or a group: its cluster's, with the kind replaced and the name behind. */
const kafkaArn = (clusterArn: string, kind: 'topic' | 'group', name: string): string => {
  const [account = '', cluster = ''] = Fn.split(':cluster/', clusterArn, 2);
  return `${account}:${kind}/${cluster}/${name}`;
};

/**
 * What a function, and the mapping that calls it under its role, may do on the brokers of a cluster that knows them by IAM
 * (docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html). Elsewhere the sign-in is a secret: none.
 *
 * Appends are acknowledged by all replicas and not idempotent, so that `WriteDataIdempotently` is not needed.
 */
export const brokerStatements = (
  name: FunctionName,
  { stream, mappings }: Pick<Stage, 'stream' | 'mappings'>,
  clusterArn: string | undefined,
): readonly iam.PolicyStatement[] => {
  if (clusterArn === undefined || signInOf(stream) !== 'iam') return [];
  const { calledBy, appends, watches }: FunctionDefinition = functions[name];
  const mapped = calledBy.kind === 'topic' ? calledBy : undefined;
  const parks = mapped !== undefined && mappings.mode === 'provisioned' && mappings.onFailure === 'dead-topic';
  const written = new Set([...appends, ...(parks ? [topics.dead] : [])]);
  if (mapped === undefined && written.size + watches.length === 0) return [];

  const arn = (kind: 'topic' | 'group', local: string): string =>
    kafkaArn(clusterArn, kind, `${stream.prefix}${local}`);
  return [
    allow(mapped === undefined ? ['Connect'] : ['Connect', 'DescribeClusterDynamicConfiguration'], [clusterArn]),
    allow(
      ['DescribeTopic', 'WriteData'],
      [...written].map((topic) => arn('topic', topic)),
    ),
    ...(mapped === undefined
      ? []
      : [
          allow(['DescribeTopic', 'ReadData'], [arn('topic', mapped.topic)]),
          allow(['AlterGroup', 'DescribeGroup'], [arn('group', mapped.group)]),
        ]),
    allow(
      ['DescribeGroup'],
      watches.map((group) => arn('group', group)),
    ),
  ].filter(({ resources }) => resources.length > 0);
};

const allow = (actions: readonly string[], resources: readonly string[]): iam.PolicyStatement =>
  new iam.PolicyStatement({ actions: actions.map((action) => `kafka-cluster:${action}`), resources: [...resources] });
