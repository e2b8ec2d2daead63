import {
  Aws,
  Duration,
  aws_iam as iam,
  type aws_lambda as lambda,
  aws_scheduler as scheduler,
  Validations,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';

export interface ClockProps {
  readonly stageName: string;
  readonly target: lambda.Function;
  readonly everyMinutes: number;
}

/**
 * Calls a function by the clock. What a round does not get to is found by the next one: nothing is repeated, and nothing is kept of
 * a call that failed.
 */
export class Clock extends Construct {
  /** Under which its figures stand in CloudWatch. */
  readonly group: string;

  constructor(scope: Construct, id: string, { stageName, target, everyMinutes }: ClockProps) {
    super(scope, id);
    this.group = `regrade-${stageName}`;
    const group = new scheduler.CfnScheduleGroup(this, 'Group', { name: this.group });
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: `Calls ${target.node.path} by the clock`,
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }));
    const schedule = new scheduler.CfnSchedule(this, 'Schedule', {
      groupName: this.group,
      scheduleExpression: `rate(${everyMinutes} ${everyMinutes === 1 ? 'minute' : 'minutes'})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: target.functionArn,
        roleArn: role.roleArn,
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
    schedule.node.addDependency(group, role);
    // a call that finds no room, or fails, is not made later: the next one is on its way
    target.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(everyMinutes) });
    Validations.of(target).acknowledge({
      id: 'Serverless-LambdaAsyncFailureDestination',
      reason: 'A call by the clock carries nothing: the next one does all that this one would have done.',
    });
  }
}
