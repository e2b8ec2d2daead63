import { aws_logs as logs } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Series } from './figures.ts';

export interface StepFailuresProps {
  /** Of keep-time. */
  readonly logGroupName: string;
  readonly figure: Series;
}

/** The level of a failure in our lines (`shared/runtime/line-logger.ts`). */
const error = 50;

/** Counts steps of the clock that failed by their lines: each is caught, so that the others go on, and no invocation fails. */
export class StepFailures extends Construct {
  constructor(scope: Construct, id: string, { logGroupName, figure }: StepFailuresProps) {
    super(scope, id);
    const pattern = logs.FilterPattern.all(
      logs.FilterPattern.numberValue('$.level', '>=', error),
      logs.FilterPattern.exists('$.step'),
    );
    new logs.CfnMetricFilter(this, 'Filter', {
      logGroupName,
      filterPattern: pattern.logPatternString,
      metricTransformations: [{ metricNamespace: figure.namespace, metricName: figure.name, metricValue: '1' }],
    });
  }
}
