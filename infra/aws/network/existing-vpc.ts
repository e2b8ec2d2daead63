import { aws_ec2 as ec2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Network } from '../config/stage.ts';
import type { Ground } from './ground.ts';

/** A network that is there, as the stage file describes it: nothing is looked up. */
export const existingVpc = (scope: Construct, network: Extract<Network, { kind: 'existing' }>): Ground => {
  const { vpcId, zones, privateSubnetIds, outSubnetIds } = network;
  const vpc = ec2.Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId, availabilityZones: [...zones] });
  return {
    vpc,
    made: undefined,
    natGatewayIds: [],
    private: { subnets: subnetsOf(scope, 'Private', privateSubnetIds, zones) },
    wayOut: outSubnetIds === undefined ? undefined : { subnets: subnetsOf(scope, 'WayOut', outSubnetIds, zones) },
  };
};

const subnetsOf = (scope: Construct, name: string, ids: readonly string[], zones: readonly string[]): ec2.ISubnet[] =>
  ids.map((subnetId, index) => {
    const availabilityZone = zones[index];
    if (availabilityZone === undefined)
      throw new Error(
        `network: ${subnetId} stands in no zone: name one subnet per zone, in the order of network.zones`,
      );
    const subnet = ec2.Subnet.fromSubnetAttributes(scope, `${name}Subnet${index + 1}`, { subnetId, availabilityZone });
    acknowledge(subnet, {
      '@aws-cdk/aws-ec2:noSubnetRouteTableId': 'Nothing is routed by it: endpoints go by network.routeTableIds',
    });
    return subnet;
  });
