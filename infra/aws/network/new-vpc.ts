import { CfnResource, aws_ec2 as ec2, aws_logs as logs, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Network, Stage } from '../config/stage.ts';
import { retentionOf } from '../retention-of.ts';
import type { Ground } from './ground.ts';

interface Choices {
  readonly network: Extract<Network, { kind: 'new' }>;
  readonly retention: Stage['retention'];
  /** One per zone in which subnets are made. */
  readonly zones: readonly string[];
  /** Some function goes out. */
  readonly withWayOut: boolean;
  /** Addresses of the gateways, where they are to stay. */
  readonly addresses: readonly ec2.CfnEIP[];
}

/**
 * Subnets of every kind and for four zones have their addresses set aside whether they are made or not: another way out, or one zone more,
 * must not move a subnet in which brokers stand.
 */
export const newVpc = (scope: Construct, { network, retention, zones, withWayOut, addresses }: Choices): Ground => {
  const { cidr, wayOut } = network;
  const cidrMask = Number(cidr.split('/')[1]) + (zones.length > zonesSetAside ? 5 : 4);
  const provider = ec2.NatProvider.gateway(
    addresses.length === 0 ? {} : { eipAllocationIds: addresses.map(({ attrAllocationId }) => attrAllocationId) },
  );
  const made = new ec2.Vpc(scope, 'Vpc', {
    ipAddresses: ec2.IpAddresses.cidr(cidr),
    maxAzs: zones.length,
    reservedAzs: Math.max(0, zonesSetAside - zones.length),
    natGateways: withWayOut && wayOut.kind !== 'none' ? wayOut.gateways : 0,
    natGatewayProvider: provider,
    subnetConfiguration: [
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask },
      { name: 'WayOut', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask, reserved: !withWayOut },
      {
        name: 'Gateways',
        subnetType: ec2.SubnetType.PUBLIC,
        cidrMask,
        reserved: !withWayOut,
        mapPublicIpOnLaunch: false,
      },
    ],
    restrictDefaultSecurityGroup: true,
  });
  if (network.zones !== undefined)
    acknowledge(made, {
      'CloudFormation-Validate::W3010': 'The stage file names the zones: a list that AWS may change moves no broker',
    });
  keepFlowLogs(scope, made, retention);
  keepRestrictingLogs(scope, retention);
  return {
    // CDK says of some properties that they may be missing, and has them undefined
    vpc: made as ec2.IVpc,
    made,
    natGatewayIds: withWayOut ? provider.configuredGateways.map(({ gatewayId }) => gatewayId) : [],
    private: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    wayOut: withWayOut ? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } : undefined,
  };
};

const zonesSetAside = 4;

/** Only what was refused, which is what one looks for: everything that passes would be billed by the GB. Addresses and ports, no content. */
const keepFlowLogs = (scope: Construct, vpc: ec2.Vpc, retention: Stage['retention']): void => {
  const logGroup = new logs.LogGroup(scope, 'FlowLogs', {
    retention: retentionOf(retention.logDays),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  vpc.addFlowLog('FlowLog', {
    trafficType: ec2.FlowLogTrafficType.REJECT,
    destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup),
  });
};

/** What takes the rules out of the default group is a function of CDK's, whose lines would be kept for ever. */
const keepRestrictingLogs = (scope: Construct, retention: Stage['retention']): void => {
  const logGroup = new logs.LogGroup(scope, 'RestrictingLogs', {
    retention: retentionOf(retention.logDays),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const provider = Stack.of(scope).node.findChild('Custom::VpcRestrictDefaultSGCustomResourceProvider');
  const handler = provider.node.findChild('Handler');
  if (handler instanceof CfnResource) handler.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });
};
