import { type aws_kms as kms, RemovalPolicy, SecretValue, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { WorkspacePurpose } from '../config/secret-names.ts';
import type { OfStage } from '../parts.ts';

export type PurposeSecrets = Readonly<Record<WorkspacePurpose, secretsmanager.ISecret>>;

/**
 * One secret per purpose, `regrade/<stage>/<purpose>`: a JSON object of texts by the names of the workspace, filled with
 * `npx regrade secrets set`. A name that is not filled counts as not set, and the function that needs it says so at its start.
 *
 * All three are there from the first day and begin as `{}`, whatever the workspace names: a value in the template that followed the
 * workspace would be written over what an operator has filled in, and a secret that went and came back would find its name taken.
 */
export const purposeSecrets = (
  scope: Construct,
  { stageName }: Pick<OfStage, 'stageName'>,
  key: kms.IKey | undefined,
): PurposeSecrets => {
  const make = (purpose: WorkspacePurpose): secretsmanager.ISecret => {
    const id = `${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}`;
    const encryption = key === undefined ? {} : { encryptionKey: key };
    const made = new secretsmanager.Secret(scope, id, {
      secretName: `regrade/${stageName}/${purpose}`,
      description: `${contents[purpose]}. Fill it with: npx regrade secrets set --stage ${stageName}`,
      secretStringValue: SecretValue.unsafePlainText('{}'),
      removalPolicy: RemovalPolicy.RETAIN,
      ...encryption,
    });
    acknowledge(made, {
      'AwsSolutions-SMG4':
        'They are agreed with others, who have to change them too: several are valid at once while one rotates',
    });
    return secretsmanager.Secret.fromSecretAttributes(scope, `${id}Reference`, {
      secretCompleteArn: made.secretArn,
      ...encryption,
    });
  };
  return { entrances: make('entrances'), crm: make('crm'), channels: make('channels') };
};

const contents: Readonly<Record<WorkspacePurpose, string>> = {
  entrances: 'Regrade: what webhooks are signed with',
  crm: 'Regrade: sign-ins to the CRMs',
  channels: 'Regrade: addresses and sign-ins of the channels',
};
