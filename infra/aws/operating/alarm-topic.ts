import {
  ArnFormat,
  CfnOutput,
  aws_iam as iam,
  type aws_kms as kms,
  Stack,
  aws_sns as sns,
  aws_sns_subscriptions as subscriptions,
  Validations,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';

export interface AlarmTopicProps {
  readonly name: string;
  readonly choices: Stage['alarms'];
  /** A key of one's own. Its policy has to let CloudWatch use it. */
  readonly key: kms.IKey | undefined;
}

/** Where alarms are told. */
export class AlarmTopic extends Construct {
  readonly topic: sns.ITopic;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const { email, topicArn } = props.choices;
    this.topic = topicArn === undefined ? newTopic(this, props) : sns.Topic.fromTopicArn(this, 'Topic', topicArn);
    if (email !== undefined) tellByMail(this.topic, email);
    new CfnOutput(scope, 'AlarmTopicArn', { value: this.topic.topicArn, description: 'Alarms are told here' });
  }
}

const tellByMail = (topic: sns.ITopic, email: string): void => {
  const subscription = topic.addSubscription(new subscriptions.EmailSubscription(email));
  Validations.of(subscription).acknowledge({
    id: 'Serverless-SNSRedrivePolicy',
    reason:
      'SNS tries mail for hours, and an alarm stands in CloudWatch until it is over: kept mail would tell nothing more.',
  });
};

/** Without a key of one's own it is not encrypted at rest: AWS's own key for SNS lets no alarm use it, and an alarm says figures alone. */
const newTopic = (scope: Construct, { name, key }: AlarmTopicProps): sns.Topic => {
  const topic = new sns.Topic(scope, 'Topic', {
    topicName: name,
    displayName: name,
    enforceSSL: true,
    ...(key === undefined ? {} : { masterKey: key }),
  });
  // a policy of one's own takes the place of the one that lets everything of the account publish
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      actions: ['sns:Publish'],
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
        ArnLike: {
          'aws:SourceArn': Stack.of(scope).formatArn({
            service: 'cloudwatch',
            resource: 'alarm',
            resourceName: '*',
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      },
    }),
  );
  return topic;
};
