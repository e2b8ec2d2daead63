import * as z from 'zod';
import { SecretRef } from './secret-ref.ts';

/** What the stream and the store are. `embedded` is one SQLite file and one process. */
const EmbeddedEngine = z.strictObject({ type: z.literal('embedded') });

const KafkaSasl = z.discriminatedUnion('mechanism', [
  z.strictObject({
    mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
    username: SecretRef,
    password: SecretRef,
  }),
  /** Signs in with the AWS credentials of the process: for Amazon MSK. */
  z.strictObject({ mechanism: z.literal('msk-iam'), region: z.string().min(1) }),
]);

export const KafkaSettings = z.strictObject({
  /** host:port. `KAFKA_BROKERS`, separated by commas, goes before it. */
  brokers: z.array(z.string().regex(/^.+:\d+$/, 'write host:port')).default([]),
  /** Stands before every topic and group name, so that several installations can share a cluster. */
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]{0,100}$/)
    .default(''),
  /** True for TLS by the system's authorities; with PEM texts for one's own authority, or a client certificate (mTLS). */
  tls: z
    .union([
      z.boolean(),
      z.strictObject({ ca: SecretRef.optional(), certificate: SecretRef.optional(), key: SecretRef.optional() }),
    ])
    .default(false),
  sasl: KafkaSasl.optional(),
  /** Of topics that `regrade setup` creates. More partitions let more workers share the work. */
  partitions: z.int().min(1).max(1_000).default(12),
  replicationFactor: z.int().min(1).max(9).default(3),
});
export type KafkaSettings = z.infer<typeof KafkaSettings>;

const DynamoDbSettings = z.strictObject({
  table: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{3,255}$/)
    .default('regrade'),
  /** `AWS_REGION` where it is absent. */
  region: z.string().min(1).optional(),
  /** For DynamoDB Local, or a private endpoint. `DYNAMODB_ENDPOINT` goes before it. */
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
});

export const KafkaDynamoDbEngine = z.strictObject({
  type: z.literal('kafka-dynamodb'),
  kafka: KafkaSettings.prefault({}),
  dynamodb: DynamoDbSettings.prefault({}),
});
export type KafkaDynamoDbEngine = z.infer<typeof KafkaDynamoDbEngine>;

export const Engine = z.discriminatedUnion('type', [EmbeddedEngine, KafkaDynamoDbEngine]);
export type Engine = z.infer<typeof Engine>;
