import { aws_lambda as lambda, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type FunctionDefinition, type FunctionName, functions } from '../../../shared/definitions/functions.ts';
import { topics } from '../../../shared/definitions/topics.ts';
import type { Stage } from '../config/stage.ts';
import type { Holdings } from '../parts.ts';
import type { ComputeSettings } from './compute-settings.ts';
import { eventSourceOf } from './event-source.ts';
import { takesAnswers } from './takes-answers.ts';

export interface TopicMappingProps extends Pick<ComputeSettings, 'stageName' | 'stage' | 'site' | 'holdings'> {
  readonly name: FunctionName;
  readonly lambda: lambda.Function;
}

/** How Lambda reads a topic and calls a function with its records: an event source mapping of L1, since L2 knows not every sign-in. */
export class TopicMapping extends Construct {
  readonly mapping: lambda.CfnEventSourceMapping;

  constructor(scope: Construct, id: string, props: TopicMappingProps) {
    super(scope, id);
    const { name, stageName, stage, holdings } = props;
    const { calledBy }: FunctionDefinition = functions[name];
    if (calledBy.kind !== 'topic') throw new Error(`${name} reads no topic`);
    const { prefix } = stage.stream;
    this.mapping = new lambda.CfnEventSourceMapping(this, 'Mapping', {
      functionName: props.lambda.functionArn,
      ...eventSourceOf(`${prefix}${calledBy.group}`, props),
      topics: [`${prefix}${calledBy.topic}`],
      // a group that has read before goes on where it was; LATEST would pass over what came while the mapping is made
      startingPosition: 'TRIM_HORIZON',
      ...readingOf(stage, { stageName, prefix, holdings }),
    });
    if (stage.mappings.mode === 'plain')
      Validations.of(this).acknowledge({
        id: 'Serverless-LambdaEventSourceMappingDestination',
        reason: 'Without pollers of our own Lambda gives nothing up: a batch comes again until its records expire.',
      });
  }
}

type Provisioned = Extract<Stage['mappings'], { mode: 'provisioned' }>;
type Properties = Partial<lambda.CfnEventSourceMappingProps>;

interface Around {
  readonly stageName: string;
  readonly prefix: string;
  readonly holdings: Holdings;
}

const readingOf = (stage: Stage, around: Around): Properties => {
  const { mappings } = stage;
  const { batchSize, windowSeconds: maximumBatchingWindowInSeconds } = mappings;
  const batches = { batchSize, maximumBatchingWindowInSeconds };
  if (mappings.mode === 'plain') return batches;
  const pollers = { minimumPollers: mappings.pollers.least, maximumPollers: mappings.pollers.most };
  const onFailure = { destination: destinationOf(mappings, around) };
  const kept = { ...batches, provisionedPollerConfig: pollers, destinationConfig: { onFailure } };
  if (!takesAnswers(stage)) return { ...kept, metricsConfig: { metrics: ['EventCount'] } };
  // all mappings of a stage share what is paid for
  const shared = { provisionedPollerConfig: { ...pollers, pollerGroupName: `regrade-${around.stageName}` } };
  return { ...kept, ...shared, ...failureControls(mappings) };
};

/** What exists with pollers of our own only (docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html). */
const failureControls = ({ retries, maxAgeHours }: Provisioned): Properties => ({
  functionResponseTypes: ['ReportBatchItemFailures'],
  maximumRetryAttempts: retries,
  maximumRecordAgeInSeconds: maxAgeHours * 3_600,
  bisectBatchOnFunctionError: true,
  metricsConfig: { metrics: ['EventCount', 'ErrorCount', 'KafkaMetrics'] },
  loggingConfig: { systemLogLevel: 'WARN' },
});

/** No function reads the topic of dead letters: a record cannot come round. */
const destinationOf = ({ onFailure }: Provisioned, { prefix, holdings: { failures } }: Around): string => {
  if (onFailure === 'dead-topic') return `kafka://${prefix}${topics.dead}`;
  if (failures === undefined) throw new Error('mappings.onFailure is bucket, and there is no bucket');
  return failures.bucketArn;
};
