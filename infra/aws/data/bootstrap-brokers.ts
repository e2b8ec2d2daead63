import {
  custom_resources as custom,
  Duration,
  aws_iam as iam,
  type aws_kms as kms,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../config/stage.ts';
import { retentionOf } from '../retention-of.ts';

/** host:port of a new cluster's brokers, for the sign-in by IAM. The cluster's own resource does not tell, so it is asked for once it is there. */
export const bootstrapBrokers = (
  scope: Construct,
  clusterArn: string,
  retention: Stage['retention'],
  key: kms.IKey | undefined,
): string => {
  const logGroup = new logs.LogGroup(scope, 'AskingLogs', {
    retention: retentionOf(retention.logDays),
    removalPolicy: RemovalPolicy.DESTROY,
    ...(key === undefined ? {} : { encryptionKey: key }),
  });
  const role = new iam.Role(scope, 'AskingRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  const asked = new custom.AwsCustomResource(scope, 'BootstrapBrokers', {
    resourceType: 'Custom::BootstrapBrokers',
    onUpdate: {
      service: 'Kafka',
      action: 'GetBootstrapBrokers',
      parameters: { ClusterArn: clusterArn },
      outputPaths: [answer],
      physicalResourceId: custom.PhysicalResourceId.of(clusterArn),
    },
    role,
    policy: custom.AwsCustomResourcePolicy.fromStatements([
      new iam.PolicyStatement({ actions: ['kafka:GetBootstrapBrokers'], resources: [clusterArn] }),
    ]),
    installLatestAwsSdk: false,
    logGroup,
    memorySize: 256,
    timeout: Duration.minutes(2),
  });
  acknowledge(askerOf(scope), {
    'Serverless-LambdaDLQ': 'CloudFormation calls it, and an answer that fails to come fails the deployment',
    'Serverless-LambdaTracing': 'It runs when the cluster is made and never after',
  });
  return asked.getResponseField(answer);
};

/** All custom resources of a stack share one function, which CDK makes beside them. */
const askerOf = (scope: Construct): IConstruct =>
  Stack.of(scope).node.findChild(`AWS${custom.AwsCustomResource.PROVIDER_FUNCTION_UUID.replaceAll('-', '')}`);

const answer = 'BootstrapBrokerStringSaslIam';
