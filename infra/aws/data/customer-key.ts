import { Annotations, ArnFormat, Aws, aws_iam as iam, aws_kms as kms, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { OfStage } from '../parts.ts';

/**
 * A key of one's own for all that is kept, or the one that the stage names. A key that was made stays when the stage does without it: what
 * it has encrypted needs it.
 */
export const customerKey = (scope: Construct, { stageName, stage }: OfStage): kms.IKey | undefined => {
  const { customerKey: choice } = stage;
  if (choice === false) return undefined;
  if (choice !== true) {
    Annotations.of(scope).addInfo(
      `customerKey: its policy must let ${logsPrincipal(scope)} (for logs) and ${alarmsPrincipal} (for alarms) use it`,
    );
    return kms.Key.fromKeyArn(scope, 'Key', choice);
  }
  const key = new kms.Key(scope, 'Key', {
    alias: `regrade/${stageName}`,
    description: `Regrade ${stageName}: table, topics, logs, secrets, failed records`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  letServicesUse(key);
  // nobody whom it is given to writes into its policy
  return kms.Key.fromKeyArn(scope, 'KeyReference', key.keyArn);
};

/** Services that use the key in nobody's name, so that no role can be given it for them. */
const letServicesUse = (key: kms.Key): void => {
  const stack = Stack.of(key);
  const logGroups = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'Logs',
      principals: [new iam.ServicePrincipal(logsPrincipal(key))],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
  );
  // an alarm writes to an encrypted topic
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'Alarms',
      principals: [new iam.ServicePrincipal(alarmsPrincipal)],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
};

const alarmsPrincipal = 'cloudwatch.amazonaws.com';

/** CloudWatch Logs is the one service whose principal has a region, and in China a suffix of its own. */
const logsPrincipal = (scope: Construct): string => `logs.${Stack.of(scope).region}.${Aws.URL_SUFFIX}`;
