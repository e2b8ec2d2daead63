import type { KafkaConnection } from '../../shared/adapters/kafka/connect.ts';
import type { MskIamSettings } from '../../shared/adapters/kafka/msk-iam-token.ts';
import type { KafkaSettings } from '../../shared/definitions/engine.ts';
import type { SecretRef } from '../../shared/definitions/secret-ref.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { Log } from '../../shared/ports/log.ts';

export interface KafkaSurroundings {
  /** What the broker's logs call us. */
  readonly clientId: string;
  readonly log: Log;
  readonly resolveSecret: (ref: SecretRef) => string;
  /** For sign-in by AWS IAM. */
  readonly credentials: MskIamSettings['credentials'];
}

/**
 * How to reach the cluster that the settings name, its secrets and certificates read.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, naming what is missing.
 */
export const kafkaConnectionOf = (settings: KafkaSettings, around: KafkaSurroundings): KafkaConnection => {
  const { brokers, prefix } = settings;
  const { clientId, log } = around;
  if (brokers.length === 0)
    throw new PipelineError('CONFIG_INVALID', 'no Kafka broker is named: set KAFKA_BROKERS or engine.kafka.brokers', {
      retryable: false,
    });
  const sasl = signInOf(settings.sasl, around);
  return { brokers, prefix, clientId, log, tls: tlsOf(settings.tls, around), ...(sasl === undefined ? {} : { sasl }) };
};

const tlsOf = (
  tls: KafkaSettings['tls'],
  { resolveSecret }: KafkaSurroundings,
): NonNullable<KafkaConnection['tls']> => {
  if (typeof tls === 'boolean') return tls;
  const { ca, certificate, key } = tls;
  return {
    ...(ca === undefined ? {} : { ca: resolveSecret(ca) }),
    ...(certificate === undefined ? {} : { certificate: resolveSecret(certificate) }),
    ...(key === undefined ? {} : { key: resolveSecret(key) }),
  };
};

const signInOf = (
  sasl: KafkaSettings['sasl'],
  { resolveSecret, credentials }: KafkaSurroundings,
): KafkaConnection['sasl'] => {
  if (sasl === undefined) return undefined;
  if (sasl.mechanism === 'msk-iam') return { mechanism: 'msk-iam', region: sasl.region, credentials };
  const { mechanism, username, password } = sasl;
  return { mechanism, username: resolveSecret(username), password: resolveSecret(password) };
};
