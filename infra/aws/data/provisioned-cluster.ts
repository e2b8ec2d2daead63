import { type aws_kms as kms, aws_logs as logs, aws_msk as msk, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { brokersOf, instanceOf, type NewCluster } from '../config/new-cluster.ts';
import type { OfStage, Place } from '../parts.ts';
import { retentionOf } from '../retention-of.ts';
import { leastInSync, propertiesOf } from './topic-settings.ts';

/**
 * A cluster with brokers of its own, `regrade-<stage>`: signed in to by IAM alone, over TLS alone. The name is given, so that a change that wants
 * another cluster (its subnets, its key, the type of its brokers) fails for the name being taken, and no cluster is left behind with what it holds.
 */
export const provisionedCluster = (
  scope: Construct,
  { stageName, stage }: OfStage,
  stream: NewCluster,
  { vpc, vpcSubnets, securityGroups }: Place,
  key: kms.IKey | undefined,
): msk.CfnCluster => {
  const express = stream.type === 'express';
  const configuration = new msk.CfnConfiguration(scope, 'ClusterSettings', {
    name: `regrade-${stageName}`,
    serverProperties: propertiesOf(brokerSettings(stream)),
  });
  configuration.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const cluster = new msk.CfnCluster(scope, 'Cluster', {
    clusterName: `regrade-${stageName}`,
    kafkaVersion: stream.version,
    numberOfBrokerNodes: brokersOf(stage, stream),
    brokerNodeGroupInfo: {
      instanceType: instanceOf(stream),
      clientSubnets: vpc.selectSubnets(vpcSubnets).subnetIds,
      securityGroups: securityGroups.map(({ securityGroupId }) => securityGroupId),
      ...(express ? {} : { storageInfo: { ebsStorageInfo: { volumeSize: stream.storageGb } } }),
    },
    configurationInfo: { arn: configuration.attrArn, revision: configuration.attrLatestRevisionRevision },
    clientAuthentication: { sasl: { iam: { enabled: true } }, unauthenticated: { enabled: false } },
    encryptionInfo: {
      encryptionInTransit: { clientBroker: 'TLS', inCluster: true },
      ...(key === undefined ? {} : { encryptionAtRest: { dataVolumeKmsKeyId: key.keyArn } }),
    },
    ...(express
      ? {}
      : { loggingInfo: { brokerLogs: { cloudWatchLogs: brokerLogs(scope, { stageName, stage }, key) } } }),
    // lag by group is in it; what is above is billed by broker and topic
    enhancedMonitoring: 'DEFAULT',
  });
  cluster.applyRemovalPolicy(RemovalPolicy.RETAIN);
  if (express) acknowledge(cluster, { 'AwsSolutions-MSK6': 'Express brokers have no logs to deliver' });
  return cluster;
};

/** Express brokers replicate as they see fit. */
const brokerSettings = ({ type, topics: { replicas } }: NewCluster): Readonly<Record<string, string>> => ({
  'auto.create.topics.enable': 'false',
  'log.message.timestamp.type': 'LogAppendTime',
  ...(type === 'express'
    ? {}
    : { 'default.replication.factor': String(replicas), 'min.insync.replicas': String(leastInSync(replicas)) }),
});

/** `/aws/vendedlogs/` is covered by one policy of the account, whose length is bounded. */
const brokerLogs = (
  scope: Construct,
  { stageName, stage }: OfStage,
  key: kms.IKey | undefined,
): msk.CfnCluster.CloudWatchLogsProperty => {
  const { logGroupName } = new logs.LogGroup(scope, 'BrokerLogs', {
    logGroupName: `/aws/vendedlogs/regrade/${stageName}/brokers`,
    retention: retentionOf(stage.retention.logDays),
    removalPolicy: RemovalPolicy.DESTROY,
    ...(key === undefined ? {} : { encryptionKey: key }),
  });
  return { enabled: true, logGroup: logGroupName };
};
