import type { KafkaDynamoDbEngine, KafkaSettings } from '../../../shared/definitions/engine.ts';
import type { Stage } from './stage.ts';

/** What a deployment is called, once it is there; tokens while it is synthesised. */
export interface DeployedNames {
  /** host:port; none where the environment says them. */
  readonly brokers: readonly string[];
  readonly table: string;
}

/** Names under which what the stream's secrets hold is found: a prefix and the keys that AWS prescribes. */
export const streamPrefix = 'KAFKA_';
export const authorityPrefix = 'KAFKA_CA_';

const at = (prefix: string, key: string) => ({ env: `${prefix}${key}` });

/** The engine that a stage deploys, in the words of a workspace: functions and commands go by the same. */
export const engineOfStage = (
  { stream, region }: Pick<Stage, 'stream' | 'region'>,
  { brokers, table }: DeployedNames,
): KafkaDynamoDbEngine => {
  const { prefix, topics } = stream;
  const { partitions, replicas: replicationFactor } = topics;
  return {
    type: 'kafka-dynamodb',
    kafka: { brokers: [...brokers], prefix, partitions, replicationFactor, ...signInOf(stream, region) },
    dynamodb: { table, region },
  };
};

const signInOf = (stream: Stage['stream'], region: string): Pick<KafkaSettings, 'tls' | 'sasl'> => {
  const iam = { tls: true, sasl: { mechanism: 'msk-iam' as const, region } };
  if (stream.kind === 'msk-provisioned' || stream.kind === 'msk-serverless') return iam;
  const authority =
    stream.kind === 'kafka' && stream.authority !== undefined ? { ca: at(authorityPrefix, 'certificate') } : undefined;
  switch (stream.signIn.by) {
    case 'iam':
      return iam;
    case 'mtls':
      return {
        tls: { ...authority, certificate: at(streamPrefix, 'certificate'), key: at(streamPrefix, 'privateKey') },
      };
    case 'plain':
    case 'scram-sha-256':
    case 'scram-sha-512':
      return {
        tls: authority ?? true,
        sasl: {
          mechanism: stream.signIn.by,
          username: at(streamPrefix, 'username'),
          password: at(streamPrefix, 'password'),
        },
      };
  }
};
