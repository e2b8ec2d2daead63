import { aws_ec2 as ec2, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Ground } from './ground.ts';

/** Two that cost nothing: the table's, and the bucket's, to which pollers write from the brokers' network what they gave up. */
export const gatewayEndpoints = (vpc: ec2.Vpc): void => {
  vpc.addGatewayEndpoint('TableEndpoint', { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB });
  vpc.addGatewayEndpoint('BucketEndpoint', { service: ec2.GatewayVpcEndpointAwsService.S3 });
};

/** The same in a network that is there. A route table takes one endpoint of a service: each is made only where it is missing. */
export const gatewayEndpointsAt = (
  scope: Construct,
  { vpcId }: ec2.IVpc,
  routeTableIds: readonly string[],
  services: Readonly<Record<string, 'dynamodb' | 's3'>>,
): void => {
  if (routeTableIds.length === 0) return;
  for (const [id, service] of Object.entries(services))
    new ec2.CfnVPCEndpoint(scope, id, {
      vpcId,
      vpcEndpointType: 'Gateway',
      serviceName: `com.amazonaws.${Stack.of(scope).region}.${service}`,
      routeTableIds: [...routeTableIds],
    });
};

export type Service = 'SecretsManager' | 'Lambda' | 'Sts';

const services: Readonly<Record<Service, ec2.InterfaceVpcEndpointAwsService>> = {
  SecretsManager: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  Lambda: ec2.InterfaceVpcEndpointAwsService.LAMBDA,
  Sts: ec2.InterfaceVpcEndpointAwsService.STS,
};

/** Billed by the hour and zone, so only those that somebody without a way out talks to. */
export const interfaceEndpoints = (
  scope: Construct,
  { vpc, private: subnets }: Ground,
  wanted: readonly Service[],
  callers: readonly ec2.ISecurityGroup[],
): void => {
  if (wanted.length === 0) return;
  const group = new ec2.SecurityGroup(scope, 'Endpoints', {
    vpc,
    description: 'Endpoints of AWS services',
    allowAllOutbound: false,
  });
  for (const caller of callers) group.addIngressRule(caller, ec2.Port.tcp(443), 'Functions and pollers');
  for (const service of wanted)
    new ec2.InterfaceVpcEndpoint(scope, `${service}Endpoint`, {
      vpc,
      service: services[service],
      subnets,
      securityGroups: [group],
      open: false,
    });
};
