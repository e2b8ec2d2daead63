/** As Lambda is called by a topic of SNS (docs.aws.amazon.com/lambda/latest/dg/with-sns.html). */
export const snsEvent = (message: string | object, id = 'm-1') => ({
  Records: [
    {
      EventVersion: '1.0',
      EventSubscriptionArn: 'arn:aws:sns:eu-central-1:111122223333:regrade-prod-alarms:0a1b',
      EventSource: 'aws:sns',
      Sns: {
        SignatureVersion: '1',
        Timestamp: '2026-03-01T09:30:00.000Z',
        MessageId: id,
        Message: typeof message === 'string' ? message : JSON.stringify(message),
        Type: 'Notification',
        TopicArn: 'arn:aws:sns:eu-central-1:111122223333:regrade-prod-alarms',
        Subject: 'Subject',
      },
    },
  ],
});

/** As CloudWatch writes of an alarm's new state. */
export const cloudWatchAlarm = (changes: object = {}) => ({
  AlarmName: 'regrade-prod-spilled',
  AlarmDescription: 'The stream did not answer in time. infra/aws/runbook.md#spilled',
  AWSAccountId: '111122223333',
  NewStateValue: 'ALARM',
  NewStateReason: 'Threshold Crossed: 1 datapoint.',
  StateChangeTime: '2026-03-01T09:29:58.123+0000',
  Region: 'EU (Frankfurt)',
  OldStateValue: 'OK',
  ...changes,
});
