import type { aws_ec2 as ec2 } from 'aws-cdk-lib';

/** A network, and its subnets by what they lead to. */
export interface Ground {
  readonly vpc: ec2.IVpc;
  /** The same, where it is made here. */
  readonly made: ec2.Vpc | undefined;
  /** To what stands in the network, and to AWS's endpoints in it. */
  readonly private: ec2.SubnetSelection;
  /** To the internet too. Undefined where nobody goes there. */
  readonly wayOut: ec2.SubnetSelection | undefined;
  /** Of gateways that are made here. */
  readonly natGatewayIds: readonly string[];
}
