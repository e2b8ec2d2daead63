import { aws_msk as msk, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Place } from '../parts.ts';

/** A cluster of MSK Serverless, `regrade-<stage>`. It is signed in to by IAM alone, and encrypted with a key of AWS's: it takes no other. */
export const serverlessCluster = (
  scope: Construct,
  stageName: string,
  { vpc, vpcSubnets, securityGroups }: Place,
): msk.CfnServerlessCluster => {
  const cluster = new msk.CfnServerlessCluster(scope, 'Cluster', {
    clusterName: `regrade-${stageName}`,
    clientAuthentication: { sasl: { iam: { enabled: true } } },
    vpcConfigs: [
      {
        subnetIds: vpc.selectSubnets(vpcSubnets).subnetIds,
        securityGroups: securityGroups.map(({ securityGroupId }) => securityGroupId),
      },
    ],
  });
  cluster.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return cluster;
};
