import { CfnOutput, aws_ec2 as ec2, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Network } from '../config/stage.ts';

/**
 * Addresses from which every call to others leaves. They stand in somebody's allow-list, so they outlive the stack, and stay while
 * nobody calls out. Outputs `FixedIp1`, `FixedIp2`…
 */
export const fixedAddresses = (scope: Construct, network: Network): readonly ec2.CfnEIP[] => {
  if (network.kind !== 'new' || network.wayOut.kind !== 'fixed-ip') return [];
  return Array.from({ length: network.wayOut.gateways }, (_, index) => {
    const address = new ec2.CfnEIP(scope, `Address${index + 1}`, { domain: 'vpc' });
    address.applyRemovalPolicy(RemovalPolicy.RETAIN);
    new CfnOutput(scope, `FixedIp${index + 1}`, {
      value: address.attrPublicIp,
      description: 'For allow-lists: calls to CRMs and channels come from here',
    });
    return address;
  });
};
