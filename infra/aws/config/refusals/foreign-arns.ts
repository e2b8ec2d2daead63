import type { Path } from '../../../node/workspace/problem.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { partitionOf } from '../regions.ts';
import type { Stage } from '../stage.ts';

/** ARNs of another region or partition: functions, keys, alarms and clusters go together in one region only. */
export const foreignArns = (stage: Stage): Refusal[] =>
  arnsIn(stage).flatMap(({ path, arn }) => {
    const [, partition = '', , region = ''] = arn.split(':');
    const home = partitionOf(stage.region);
    if (partition !== home)
      return [
        refusal(
          path,
          `this is of the partition ${partition}, and ${stage.region} of ${home}`,
          `write arn:${home}:…`,
          'change region',
        ),
      ];
    return region === stage.region
      ? []
      : [
          refusal(
            path,
            `this is in ${region}, and the stage is deployed to ${stage.region}`,
            `name one of ${stage.region}`,
            'change region',
          ),
        ];
  });

interface WrittenArn {
  readonly path: Path;
  readonly arn: string;
}

const arnsIn = ({ stream, alarms, customerKey }: Stage): WrittenArn[] => [
  ...streamArns(stream),
  ...(alarms.topicArn === undefined ? [] : [{ path: ['alarms', 'topicArn'], arn: alarms.topicArn }]),
  ...(typeof customerKey === 'string' ? [{ path: ['customerKey'], arn: customerKey }] : []),
];

const streamArns = (stream: Stage['stream']): WrittenArn[] => {
  switch (stream.kind) {
    case 'kafka': {
      const { authority, signIn } = stream;
      const own = { path: ['stream', 'signIn', 'secret'], arn: signIn.secret };
      return authority === undefined ? [own] : [own, { path: ['stream', 'authority'], arn: authority }];
    }
    case 'msk': {
      const { clusterArn, signIn } = stream;
      const cluster = { path: ['stream', 'clusterArn'], arn: clusterArn };
      return signIn.by === 'iam' ? [cluster] : [cluster, { path: ['stream', 'signIn', 'secret'], arn: signIn.secret }];
    }
    case 'msk-provisioned':
    case 'msk-serverless':
      return [];
  }
};
