import {
  CfnOutput,
  type aws_dynamodb as dynamodb,
  type aws_kms as kms,
  Stack,
  type StackProps,
  type aws_s3 as s3,
  aws_secretsmanager as secretsmanager,
  Token,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';
import { brokersOfStage } from '../data/brokers-of-stage.ts';
import { customerKey } from '../data/customer-key.ts';
import { failuresBucket } from '../data/failures-bucket.ts';
import { purposeSecrets } from '../data/purpose-secrets.ts';
import { customerTable } from '../data/table.ts';
import type { Brokers, Holdings, OfStage, SecretNames, Site } from '../parts.ts';

export interface DataStackProps extends StackProps, OfStage {
  readonly site: Site;
  readonly secretNames: SecretNames;
}

/**
 * Everything that is to outlive the functions. It knows nothing of them, it exports all that they may ask for whether they ask or not, and
 * each of its parts stays in the account when the stack goes.
 */
export class DataStack extends Stack implements Holdings {
  readonly table: dynamodb.ITableV2;
  readonly key: kms.IKey | undefined;
  readonly secrets: Holdings['secrets'];
  readonly authority: secretsmanager.ISecret | undefined;
  readonly failures: s3.IBucket | undefined;
  readonly brokers: Brokers;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, { terminationProtection: true, ...props });
    const { stageName, stage, site, secretNames } = props;
    const key = customerKey(this, props);
    this.key = key;
    this.table = customerTable(this, props, key);
    const { entrances, crm, channels } = purposeSecrets(this, props, key);
    this.secrets = {
      ...(secretNames.entrances.length > 0 ? { entrances } : {}),
      ...(secretNames.crm.length > 0 ? { crm } : {}),
      ...(secretNames.channels.length > 0 ? { channels } : {}),
      ...this.#streamSecret(stage),
    };
    this.authority = this.#named('Authority', stage.stream.kind === 'kafka' ? stage.stream.authority : undefined);
    this.failures = keepsFailures(stage) ? failuresBucket(this, stage.retention, key) : undefined;
    this.brokers = brokersOfStage(this, props, site.brokers, key);
    this.#tell({
      TableName: this.table.tableName,
      Brokers: this.brokers.bootstrap,
      ClusterArn: this.brokers.cluster?.arn,
      FailuresBucket: this.failures?.bucketName,
      KeyArn: key?.keyArn,
      EntrancesSecret: entrances.secretArn,
      CrmSecret: crm.secretArn,
      ChannelsSecret: channels.secretArn,
    });
    this.#keepExported([
      this.table.tableName,
      key?.keyArn,
      ...[entrances, crm, channels].map(({ secretArn }) => secretArn),
      this.failures?.bucketArn,
      this.failures?.bucketName,
      this.brokers.cluster?.arn,
      this.brokers.bootstrap,
    ]);
    if (stage.stream.kind !== 'msk-provisioned')
      this.#tell({ TopicsCommand: `npx regrade topics create --stage ${stageName}` });
  }

  /** The sign-in to brokers that do not go by IAM: a secret that is there. */
  #streamSecret({ stream }: Stage): Holdings['secrets'] {
    const signsIn = stream.kind === 'kafka' || stream.kind === 'msk';
    const secret = this.#named(
      'StreamSecret',
      signsIn && stream.signIn.by !== 'iam' ? stream.signIn.secret : undefined,
    );
    return secret === undefined ? {} : { stream: secret };
  }

  #named(id: string, arn: string | undefined): secretsmanager.ISecret | undefined {
    return arn === undefined ? undefined : secretsmanager.Secret.fromSecretCompleteArn(this, id, arn);
  }

  /** What is made here is exported whether it is used or not, so that nothing changes here when its user goes. */
  #keepExported(values: readonly (string | undefined)[]): void {
    for (const value of values) if (Token.isUnresolved(value)) this.exportValue(value);
  }

  /** Outputs by which people and commands find what is there. */
  #tell(values: Readonly<Record<string, string | undefined>>): void {
    for (const [id, value] of Object.entries(values)) if (value !== undefined) new CfnOutput(this, id, { value });
  }
}

/** Pollers of our own keep what they gave up, in the bucket unless the topic of dead letters takes it. */
const keepsFailures = ({ mappings }: Stage): boolean =>
  mappings.mode === 'provisioned' && mappings.onFailure === 'bucket';
