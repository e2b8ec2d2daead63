import {
  aws_cloudwatch_actions as actions,
  aws_cloudwatch as cloudwatch,
  Duration,
  type aws_sns as sns,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Alarm } from './alarm.ts';
import { metricOf } from './metric-of.ts';

export interface StageAlarmsProps {
  /** Before every name. */
  readonly prefix: string;
  readonly alarms: readonly Alarm[];
  readonly topic: sns.ITopic;
}

/** Where every alarm's section stands. */
const runbook = 'infra/aws/runbook.md';

export class StageAlarms extends Construct {
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, { prefix, alarms, topic }: StageAlarmsProps) {
    super(scope, id);
    const tell = new actions.SnsAction(topic);
    this.alarms = alarms.map((alarm) => {
      const made = new cloudwatch.Alarm(this, alarm.id, {
        alarmName: `${prefix}-${alarm.id}`,
        alarmDescription: `${alarm.says} ${runbook}#${alarm.runbook}`,
        metric: metricOf(alarm.figure, Duration.minutes(alarm.minutes)),
        threshold: alarm.limit,
        comparisonOperator: operators[alarm.beyond],
        evaluationPeriods: alarm.periods,
        treatMissingData: missing[alarm.withoutFigures],
      });
      made.addAlarmAction(tell);
      return made;
    });
  }
}

const operators = {
  above: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  below: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
} as const;

const missing = {
  fine: cloudwatch.TreatMissingData.NOT_BREACHING,
  beyond: cloudwatch.TreatMissingData.BREACHING,
} as const;
