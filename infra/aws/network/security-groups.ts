import { aws_ec2 as ec2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stream } from '../config/stream.ts';
import { brokerPorts } from './broker-ports.ts';
import type { Ground } from './ground.ts';

export interface Groups {
  /** Functions in private subnets. */
  readonly functions: ec2.SecurityGroup;
  /** Functions with a way out. Undefined where there is none. */
  readonly callers: ec2.SecurityGroup | undefined;
  /** The brokers; and the pollers of the mappings, which stand where the brokers stand. */
  readonly brokers: ec2.ISecurityGroup;
}

/** Who may talk to whom: functions and pollers to the brokers, at the port of the sign-in alone; nobody to a function. */
export const securityGroups = (scope: Construct, { vpc, wayOut }: Ground, stream: Stream): Groups => {
  const functions = new ec2.SecurityGroup(scope, 'Functions', {
    vpc,
    description: 'Functions that talk to brokers and AWS alone',
    allowAllOutbound: false,
  });
  // brokers need not stand in this network, and what AWS answers from has addresses of its own: the routes are the limit
  for (const port of [443, ...brokerPorts(stream)])
    functions.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(port), port === 443 ? 'AWS' : 'Brokers');
  const callers =
    wayOut === undefined
      ? undefined
      : new ec2.SecurityGroup(scope, 'Callers', { vpc, description: 'Functions that call CRMs and channels' });
  const brokers = brokersGroup(scope, vpc, stream);
  for (const port of brokerPorts(stream)) {
    brokers.addIngressRule(functions, ec2.Port.tcp(port), 'Functions');
    if (callers !== undefined) brokers.addIngressRule(callers, ec2.Port.tcp(port), 'Functions that call out');
    brokers.addIngressRule(brokers, ec2.Port.tcp(port), 'Pollers of the event source mappings');
  }
  return { functions, callers, brokers };
};

/** A cluster of MSK has one already, and mappings take it over from the cluster. */
const brokersGroup = (scope: Construct, vpc: ec2.IVpc, stream: Stream): ec2.ISecurityGroup =>
  stream.kind === 'msk'
    ? ec2.SecurityGroup.fromSecurityGroupId(scope, 'Brokers', stream.securityGroupId)
    : new ec2.SecurityGroup(scope, 'Brokers', {
        vpc,
        description: 'Brokers, and pollers of the event source mappings',
      });
