import type { aws_kms as kms } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Brokers, OfStage, Place } from '../parts.ts';
import { bootstrapBrokers } from './bootstrap-brokers.ts';
import { clusterTopics } from './cluster-topics.ts';
import { provisionedCluster } from './provisioned-cluster.ts';
import { serverlessCluster } from './serverless-cluster.ts';

/** The stage's Kafka: a new cluster where the stage wants one, otherwise what it names. */
export const brokersOfStage = (
  scope: Construct,
  { stageName, stage }: OfStage,
  place: Place | undefined,
  key: kms.IKey | undefined,
): Brokers => {
  const { stream, retention } = stage;
  const newCluster = (arn: string, serverless: boolean): Brokers => ({
    bootstrap: bootstrapBrokers(scope, arn, retention, key),
    cluster: { arn, name: `regrade-${stageName}`, serverless },
  });
  switch (stream.kind) {
    case 'kafka':
      return { bootstrap: stream.brokers.join(','), cluster: undefined };
    case 'msk': {
      const { clusterArn: arn, serverless } = stream;
      const [, clusterName = arn] = arn.split('/');
      return { bootstrap: stream.brokers.join(','), cluster: { arn, name: clusterName, serverless } };
    }
    case 'msk-provisioned': {
      const { attrArn } = provisionedCluster(scope, { stageName, stage }, stream, placed(place), key);
      clusterTopics(scope, attrArn, stream, retention);
      return newCluster(attrArn, false);
    }
    case 'msk-serverless':
      return newCluster(serverlessCluster(scope, stageName, placed(place)).attrArn, true);
  }
};

const placed = (place: Place | undefined): Place => {
  if (place === undefined) throw new Error('network: a new cluster needs a network: write network: { kind: new }');
  return place;
};
