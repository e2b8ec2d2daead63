import { CfnOutput, type aws_lambda as lambda, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type FunctionName, functionNames, functions } from '../../../shared/definitions/functions.ts';
import { Clock } from '../compute/clock.ts';
import type { ComputeSettings } from '../compute/compute-settings.ts';
import { Entry } from '../compute/entry.ts';
import { PipelineFunction } from '../compute/pipeline-function.ts';
import { TopicMapping } from '../compute/topic-mapping.ts';

export interface ComputeStackProps extends StackProps, ComputeSettings {}

/** Everything that runs and keeps nothing: it can be taken away and made again. */
export class ComputeStack extends Stack {
  readonly functions: Readonly<Record<FunctionName, PipelineFunction>>;
  /** How each function that reads a topic is fed. */
  readonly mappings: ReadonlyMap<FunctionName, lambda.CfnEventSourceMapping>;
  readonly entry: Entry;
  readonly clock: Clock;

  constructor(scope: Construct, id: string, props: ComputeStackProps) {
    super(scope, id, props);
    const made = functionNames.map((name) => [name, new PipelineFunction(this, name, { ...props, name })] as const);
    this.functions = Object.fromEntries(made) as Record<FunctionName, PipelineFunction>;
    this.mappings = new Map(
      made.flatMap(([name, { lambda }]) =>
        functions[name].calledBy.kind === 'topic'
          ? [[name, new TopicMapping(this, `${name}-mapping`, { ...props, name, lambda }).mapping] as const]
          : [],
      ),
    );
    this.entry = new Entry(this, 'entry', { ...props, receive: this.functions['receive-webhook'].lambda });
    this.clock = new Clock(this, 'clock', {
      stageName: props.stageName,
      target: this.functions['keep-time'].lambda,
      everyMinutes: functions['keep-time'].calledBy.everyMinutes,
    });
    new CfnOutput(this, 'EntryUrl', { value: this.entry.url, description: 'Webhooks go to <EntryUrl>hooks/…' });
  }
}
