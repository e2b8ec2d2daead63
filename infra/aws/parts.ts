import type {
  aws_dynamodb as dynamodb,
  aws_ec2 as ec2,
  aws_kms as kms,
  aws_s3 as s3,
  aws_secretsmanager as secrets,
} from 'aws-cdk-lib';
import type { FunctionName, SecretPurpose } from '../../shared/definitions/functions.ts';
import type { WorkspacePurpose } from './config/secret-names.ts';
import type { Stage } from './config/stage.ts';

/** Which stage something is of. */
export interface OfStage {
  /** `<stage>` of `infra/aws/config/<stage>.yaml`: part of every name. */
  readonly stageName: string;
  readonly stage: Stage;
}

/** What a workspace calls its secrets by `{ env: NAME }`, by purpose. */
export type SecretNames = Readonly<Record<WorkspacePurpose, readonly string[]>>;

/** Where a function stands in a network. */
export interface Place {
  readonly vpc: ec2.IVpc;
  readonly vpcSubnets: ec2.SubnetSelection;
  readonly securityGroups: ec2.ISecurityGroup[];
}

/** What a stage's network offers. */
export interface Site {
  /** Undefined for a function that stands outside. */
  placeOf(name: FunctionName): Place | undefined;
  /** For brokers of ours, and for a mapping that reaches brokers by their addresses. Undefined without a network. */
  readonly brokers: Place | undefined;
}

/** The Kafka of a stage. */
export interface Brokers {
  /** host:port, separated by commas: a token where the cluster is made with the stage. */
  readonly bootstrap: string;
  /** Undefined where it is reached by its addresses alone. */
  readonly cluster: { readonly arn: string; readonly name: string; readonly serverless: boolean } | undefined;
}

/**
 * What a stage keeps: nothing here goes away with the functions. They are references: a grant on one of them goes into the policy of who is
 * given it, and never changes the stack that keeps it.
 */
export interface Holdings {
  readonly table: dynamodb.ITableV2;
  /** A key of one's own. */
  readonly key: kms.IKey | undefined;
  /** By purpose; the stream's is the sign-in to the brokers. Only those that the workspace and the stage need. */
  readonly secrets: Readonly<Partial<Record<SecretPurpose, secrets.ISecret>>>;
  /** Of the authority that signed the brokers' certificates, where it is no public one. */
  readonly authority: secrets.ISecret | undefined;
  /** For records that Lambda gave up. */
  readonly failures: s3.IBucket | undefined;
  readonly brokers: Brokers;
}
