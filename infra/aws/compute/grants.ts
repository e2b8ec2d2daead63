import { ArnFormat, aws_iam as iam, type Stack } from 'aws-cdk-lib';
import { type FunctionDefinition, type FunctionName, functions } from '../../../shared/definitions/functions.ts';
import { table } from '../../../shared/definitions/table.ts';
import { talksToBrokers } from '../config/placement.ts';
import type { Holdings } from '../parts.ts';

/** Exactly the actions on items that the list of functions names; a query may ask both indexes, too. */
export const tableStatements = (name: FunctionName, { table: kept }: Holdings): readonly iam.PolicyStatement[] => {
  const { table: actions }: FunctionDefinition = functions[name];
  const indexes = Object.values(table.indexes).map((index) => `${kept.tableArn}/index/${index.name}`);
  return [
    new iam.PolicyStatement({ actions: actions.map((action) => `dynamodb:${action}`), resources: [kept.tableArn] }),
    ...(actions.includes('Query')
      ? [new iam.PolicyStatement({ actions: ['dynamodb:Query'], resources: indexes })]
      : []),
  ];
};

/** The secrets of the function's own purposes, by which it signs in to others. */
export const ownSecretsOf = (name: FunctionName, { secrets }: Holdings): readonly string[] => {
  const { secrets: purposes }: FunctionDefinition = functions[name];
  return purposes.flatMap((purpose) => secrets[purpose]?.secretArn ?? []);
};

/** The sign-in to the brokers and their authority: for who talks to them, and for the mapping that reads in a function's name. */
export const streamSecretsOf = (name: FunctionName, { secrets, authority }: Holdings): readonly string[] =>
  talksToBrokers(name) || functions[name].calledBy.kind === 'topic'
    ? [secrets.stream, authority].flatMap((secret) => secret?.secretArn ?? [])
    : [];

export const secretStatements = (
  stack: Stack,
  name: FunctionName,
  holdings: Holdings,
): readonly iam.PolicyStatement[] => {
  const streams = streamSecretsOf(name, holdings);
  const all = [...ownSecretsOf(name, holdings), ...streams];
  if (all.length === 0) return [];
  return [
    new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: all }),
    ...(streams.length === 0 ? [] : [streamKeyStatement(stack, streams)]),
  ];
};

/** Every key of this account: which one encrypts a secret that is not ours is not said anywhere. See the condition. */
export const anyKeyOf = (stack: Stack): string =>
  stack.formatArn({ service: 'kms', resource: 'key', resourceName: '*' });

/** MSK takes only secrets under a key of the customer's own: it is opened for these secrets, and through Secrets Manager alone. */
const streamKeyStatement = (stack: Stack, secrets: readonly string[]): iam.PolicyStatement =>
  new iam.PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [anyKeyOf(stack)],
    conditions: {
      StringEquals: {
        'kms:ViaService': through(stack, 'secretsmanager'),
        'kms:EncryptionContext:SecretARN': [...secrets],
      },
    },
  });

/** A key of one's own, through the services that encrypt with it alone. */
export const keyStatements = (
  stack: Stack,
  key: Holdings['key'],
  services: readonly string[],
): readonly iam.PolicyStatement[] => {
  if (key === undefined) return [];
  return [
    new iam.PolicyStatement({
      actions: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': services.map((service) => through(stack, service)) } },
    }),
  ];
};

/** By which name a key's policy knows a service that asks on somebody's behalf. */
const through = (stack: Stack, service: string): string => `${service}.${stack.region}.${stack.urlSuffix}`;

export const logStatement = (logGroupArn: string): iam.PolicyStatement =>
  new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroupArn] });

/**
 * Network interfaces in our subnets: Lambda makes them under the function's role, when they have no name yet, so that nothing
 * but `*` can be said. The function's own code is refused all of it
 * (docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html).
 */
export const interfaceStatements = (
  stack: Stack,
  functionName: string,
  actions: ReadonlySet<string>,
): readonly iam.PolicyStatement[] => {
  if (actions.size === 0) return [];
  const named = [...actions].sort().map((action) => `ec2:${action}`);
  const own = stack.formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return [
    new iam.PolicyStatement({ actions: named, resources: ['*'] }),
    new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      actions: named,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': own } },
    }),
  ];
};

/** Of a function that stands in a network. */
export const placedActions = [
  'AssignPrivateIpAddresses',
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'UnassignPrivateIpAddresses',
] as const;
