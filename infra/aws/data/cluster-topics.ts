import { aws_msk as msk, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { topics } from '../../../shared/definitions/topics.ts';
import type { NewCluster } from '../config/new-cluster.ts';
import type { Stage } from '../config/stage.ts';
import { propertiesOf, topicSettings } from './topic-settings.ts';

/**
 * The topics of a cluster that is made here. A cluster of somebody else may have them already, and whoever deploys need not be allowed to make
 * any there; MSK Serverless does not take topics from a template. There `regrade topics create` makes them.
 */
export const clusterTopics = (
  scope: Construct,
  clusterArn: string,
  { prefix, topics: { partitions, replicas }, type }: NewCluster,
  retention: Stage['retention'],
): void => {
  for (const [id, topic] of Object.entries(topics)) {
    const settings = topicSettings(topic, retention, { replicas, express: type === 'express' });
    const made = new msk.CfnTopic(scope, `${id.charAt(0).toUpperCase()}${id.slice(1)}Topic`, {
      clusterArn,
      topicName: `${prefix}${topic}`,
      partitionCount: partitions,
      replicationFactor: replicas,
      configs: Buffer.from(propertiesOf(settings)).toString('base64'),
    });
    made.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
};
