import {
  Duration,
  aws_iam as iam,
  aws_lambda as lambda,
  Stack,
  type aws_sns as sns,
  aws_sns_subscriptions as subscriptions,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Deployment } from '../../../shared/definitions/deployment.ts';
import { acknowledge } from '../acknowledge.ts';
import type { ComputeSettings } from '../compute/compute-settings.ts';
import { metricsNamespaceOf, workspaceFileName } from '../compute/function-environment.ts';
import { interfaceStatements, keyStatements, logStatement, placedActions } from '../compute/grants.ts';
import { KeptLogs } from '../compute/kept-logs.ts';
import { lambdaSettings } from '../compute/lambda-settings.ts';
import { acceptStar } from '../compute/wildcards.ts';
import type { AlarmChannel } from '../config/stage.ts';

/** What it is made from. */
export interface Telling extends Pick<ComputeSettings, 'site' | 'holdings'> {
  /** Folder with `index.mjs` and the compiled workspace. */
  readonly asset: string;
}

export interface AlarmTellerProps extends Telling, Pick<ComputeSettings, 'stageName' | 'stage'> {
  readonly channel: AlarmChannel;
  readonly topic: sns.ITopic;
}

/** In AWS: figures and logs find it by this name. */
export const alarmTellerNameOf = (stageName: string): string => `regrade-${stageName}-tell-alarms`;

/** How long SNS and Lambda go on trying. An alarm that is older says little. */
const patience = Duration.hours(1);

/**
 * `functions/tell-alarms`: tells alarms on a channel of the workspace. It is none of the pipeline's functions, and reads neither brokers nor
 * table: they may be what an alarm is about.
 */
export class AlarmTeller extends Construct {
  constructor(scope: Construct, id: string, props: AlarmTellerProps) {
    super(scope, id);
    const { stageName, asset, topic } = props;
    const { group: logGroup } = new KeptLogs(this, 'Logs', props);
    // it calls whom act-on-changes calls, and leaves from where that does: somebody's allow-list may hold the address
    const place = props.site.placeOf('act-on-changes');
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `What tell-alarms of stage ${stageName} may do`,
    });
    for (const statement of statementsOf(this, logGroup.logGroupArn, props)) role.addToPolicy(statement);
    acceptStar(role, props.stage, place !== undefined);
    const tell = new lambda.Function(this, 'Function', {
      functionName: alarmTellerNameOf(stageName),
      ...lambdaSettings(props),
      code: lambda.Code.fromAsset(asset),
      memorySize: 256,
      timeout: Duration.seconds(30),
      role,
      environment: { ...environmentOf(props) },
      logGroup,
      ...place,
    });
    tell.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: patience });
    topic.addSubscription(new subscriptions.LambdaSubscription(tell));
    const reason = 'An alarm stands in CloudWatch until it is over, and another one says that it could not be told.';
    acknowledge(this, {
      'Serverless-LambdaAsyncFailureDestination': reason,
      'Serverless-LambdaDLQ': reason,
      'Serverless-SNSRedrivePolicy': reason,
      ...(props.stage.tracing
        ? {}
        : {
            'Serverless-LambdaTracing':
              'Traces are priced by the call: `tracing: true` in the stage file switches them on.',
          }),
    });
  }
}

const statementsOf = (
  scope: AlarmTeller,
  logGroupArn: string,
  props: AlarmTellerProps,
): readonly iam.PolicyStatement[] => {
  const stack = Stack.of(scope);
  const { site, holdings, stageName } = props;
  const interfaces = new Set(site.placeOf('act-on-changes') === undefined ? [] : placedActions);
  return [
    logStatement(logGroupArn),
    ...secretsOf(props).map(
      (arn) => new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [arn] }),
    ),
    ...keyStatements(stack, holdings.key, ['secretsmanager']),
    ...interfaceStatements(stack, alarmTellerNameOf(stageName), interfaces),
  ];
};

const secretsOf = ({ holdings: { secrets } }: AlarmTellerProps): readonly string[] =>
  secrets.channels === undefined ? [] : [secrets.channels.secretArn];

/** Names of `Deployment` alone. */
const environmentOf = (props: AlarmTellerProps): Readonly<Partial<Record<keyof Deployment, string>>> => {
  const { stageName, stage, channel } = props;
  const secrets = secretsOf(props);
  return {
    REGRADE_WORKSPACE: workspaceFileName,
    LOG_LEVEL: stage.logLevel,
    METRICS_NAMESPACE: metricsNamespaceOf(stageName),
    ALARM_CHANNEL: channel.name,
    ...(channel.recipients.length === 0 ? {} : { ALARM_RECIPIENTS: channel.recipients.join(',') }),
    ...(secrets.length === 0 ? {} : { REGRADE_SECRETS: secrets.join(',') }),
  };
};
