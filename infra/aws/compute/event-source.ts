import type { aws_lambda as lambda } from 'aws-cdk-lib';
import { arePrivate } from '../config/placement.ts';
import type { Holdings, Place } from '../parts.ts';
import type { ComputeSettings } from './compute-settings.ts';
import { type SignIn, signInOf } from './sign-in.ts';

type Access = lambda.CfnEventSourceMapping.SourceAccessConfigurationProperty;

/** Which cluster a mapping reads as which group, and how it signs in there. */
export const eventSourceOf = (
  consumerGroupId: string,
  settings: Pick<ComputeSettings, 'stage' | 'site' | 'holdings'>,
): Partial<lambda.CfnEventSourceMappingProps> => {
  const { stage, holdings } = settings;
  const { cluster, bootstrap } = holdings.brokers;
  const access = [...signInAccess(signInOf(stage.stream), holdings), ...placeAccess(settings)];
  const sourceAccessConfigurations = access.length === 0 ? {} : { sourceAccessConfigurations: access };
  if (cluster !== undefined)
    return {
      eventSourceArn: cluster.arn,
      amazonManagedKafkaEventSourceConfig: { consumerGroupId },
      ...sourceAccessConfigurations,
    };
  return {
    selfManagedEventSource: { endpoints: { kafkaBootstrapServers: bootstrap.split(',') } },
    selfManagedKafkaEventSourceConfig: { consumerGroupId },
    ...sourceAccessConfigurations,
  };
};

/** In Lambda's words (docs.aws.amazon.com/lambda/latest/api/API_SourceAccessConfiguration.html). IAM needs none. */
const accessTypes: Readonly<Record<Exclude<SignIn, 'iam'>, string>> = {
  plain: 'BASIC_AUTH',
  'scram-sha-256': 'SASL_SCRAM_256_AUTH',
  'scram-sha-512': 'SASL_SCRAM_512_AUTH',
  mtls: 'CLIENT_CERTIFICATE_TLS_AUTH',
};

const signInAccess = (signIn: SignIn, { secrets, authority, brokers }: Holdings): readonly Access[] => {
  if (signIn === 'iam') return [];
  if (secrets.stream === undefined) throw new Error(`sign-in by ${signIn} needs the secret of the stream`);
  return [
    { type: accessTypes[signIn], uri: secrets.stream.secretArn },
    ...(authority === undefined || brokers.cluster !== undefined
      ? []
      : [{ type: 'SERVER_ROOT_CA_CERTIFICATE', uri: authority.secretArn }]),
  ];
};

/** A cluster of Amazon MSK says itself where it stands; other brokers behind closed doors are reached from a place of ours. */
const placeAccess = ({
  stage,
  site,
  holdings,
}: Pick<ComputeSettings, 'stage' | 'site' | 'holdings'>): readonly Access[] => {
  if (holdings.brokers.cluster !== undefined || !arePrivate(stage)) return [];
  if (site.brokers === undefined) throw new Error('brokers that cannot be reached from outside need a network');
  return accessOf(site.brokers);
};

const accessOf = ({ vpc, vpcSubnets, securityGroups }: Place): readonly Access[] => [
  ...vpc.selectSubnets(vpcSubnets).subnetIds.map((id) => ({ type: 'VPC_SUBNET', uri: `subnet:${id}` })),
  ...securityGroups.map(({ securityGroupId }) => ({
    type: 'VPC_SECURITY_GROUP',
    uri: `security_group:${securityGroupId}`,
  })),
];
