import { type aws_iam as iam, Stack, type aws_s3 as s3, Token, Validations } from 'aws-cdk-lib';
import { functions } from '../../../shared/definitions/functions.ts';
import type { FunctionSettings } from './compute-settings.ts';
import { anyKeyOf, streamSecretsOf } from './grants.ts';
import { failuresUnder, keepsInBucket } from './mapping-grants.ts';

/** Every wildcard that a role of ours has, each with its reason. One that is not named here is a finding. */
export const acceptWildcards = (role: iam.Role, props: FunctionSettings, hasInterfaces: boolean): void => {
  const { name, stage, holdings } = props;
  const accept = (resource: string, reason: string): void =>
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${written(role, resource)}]`, reason });

  acceptStar(role, stage, hasInterfaces);
  if (streamSecretsOf(name, holdings).length > 0)
    accept(
      anyKeyOf(Stack.of(role)),
      'Which key encrypts a secret that was brought along is not said anywhere; the conditions name the secrets.',
    );
  if (functions[name].calledBy.kind === 'topic' && keepsInBucket(stage) && holdings.failures !== undefined)
    accept(failuresUnder(importedArn(holdings.failures)), 'Lambda makes up the names of the objects that it keeps.');
};

/** What has no name yet when it is granted. */
export const acceptStar = (
  role: iam.Role,
  { tracing }: Pick<FunctionSettings['stage'], 'tracing'>,
  hasInterfaces: boolean,
): void => {
  if (!hasInterfaces && !tracing) return;
  const reason =
    'Network interfaces have no name before they are made, and X-Ray knows no resources; the code itself is denied the former.';
  for (const id of ['AwsSolutions-IAM5[Resource::*]', 'Serverless-LambdaStarPermissions'])
    Validations.of(role).acknowledge({ id, reason });
};

/** As a stack that did not make it refers to it. */
const importedArn = (bucket: s3.IBucket): string =>
  Token.isUnresolved(bucket.bucketArn) ? Stack.of(bucket).exportValue(bucket.bucketArn) : bucket.bucketArn;

/** A text with tokens as the rules write it: references in angle brackets, imports by their name. */
const written = (role: iam.Role, text: string): string => flat(Stack.of(role).resolve(text));

const flat = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  if ('Fn::Join' in value) return joined(value['Fn::Join']);
  if ('Fn::ImportValue' in value) return flat(value['Fn::ImportValue']);
  if ('Ref' in value) return `<${flat(value.Ref)}>`;
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt']))
    return `<${value['Fn::GetAtt'].map(flat).join('.')}>`;
  return JSON.stringify(value);
};

const joined = (join: unknown): string => {
  const [delimiter, parts] = Array.isArray(join) ? (join as unknown[]) : [];
  return Array.isArray(parts) ? parts.map(flat).join(flat(delimiter)) : '';
};
