import * as z from 'zod';

const Brokers = z
  .array(z.string().regex(/^[^\s,]+:\d+$/, 'write host:port'))
  .min(1, 'name at least one bootstrap server');

const SecretArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:secretsmanager:.+-[A-Za-z0-9]{6}$/,
    'write the whole ARN of the secret, its six last characters too',
  );

const Prefix = z
  .string()
  .regex(/^[A-Za-z0-9._-]{0,100}$/)
  .default('');

/** Topics of ours: how many partitions and replicas each has. */
const Topics = z
  .strictObject({
    partitions: z.int().min(1).max(1_000).default(12),
    replicas: z.int().min(1).max(9).default(3),
  })
  .prefault({});

/** Secrets hold the JSON that AWS prescribes for event source mappings: `username`, `password`; or `certificate`, `privateKey`. */
const Sasl = z.strictObject({
  by: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
  secret: SecretArn,
});
const Mtls = z.strictObject({ by: z.literal('mtls'), secret: SecretArn });
const Iam = z.strictObject({ by: z.literal('iam') });

/** Any Kafka, MSK included where it is reached by its addresses alone. */
const Kafka = z.strictObject({
  kind: z.literal('kafka'),
  brokers: Brokers,
  /** Whether the brokers can be reached from outside, or from the network's private subnets only. */
  reach: z.enum(['public', 'private']),
  signIn: z.discriminatedUnion('by', [Sasl, Mtls]),
  /** The authority that signed the brokers' certificates, where it is not a public one: a secret with `certificate`. */
  authority: SecretArn.optional(),
  prefix: Prefix,
  topics: Topics,
});

/** A cluster of Amazon MSK that is there. */
const Msk = z.strictObject({
  kind: z.literal('msk'),
  clusterArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:kafka:[^:]+:\d{12}:cluster\/[^/]+\/[^/]+$/, 'write the ARN of the cluster'),
  /** Of the sign-in chosen: port 9098 for IAM, 9096 for SCRAM, 9094 for mTLS. */
  brokers: Brokers,
  /** The brokers' group: it is opened to our functions. */
  securityGroupId: z.string().regex(/^sg-[0-9a-f]+$/, 'write its id: sg-…'),
  signIn: z.discriminatedUnion('by', [
    Iam,
    z.strictObject({ by: z.literal('scram-sha-512'), secret: SecretArn }),
    Mtls,
  ]),
  /** Whether it is MSK Serverless: other limits, and topics are made by `regrade topics create`. */
  serverless: z.boolean().default(false),
  prefix: Prefix,
  topics: Topics,
});

/** GB of each standard broker, where nothing else is chosen. */
export const usualStorageGb = 20;

/** A new cluster of Amazon MSK with brokers of its own. */
const MskProvisioned = z.strictObject({
  kind: z.literal('msk-provisioned'),
  /** `standard`: from the smallest broker on. `express`: three zones, storage that grows by itself. */
  type: z.enum(['standard', 'express']).default('standard'),
  /** kafka.t3.small, express.m7g.large where absent. */
  instance: z
    .string()
    .regex(/^(kafka|express)\.[a-z0-9]+\.[a-z0-9]+$/, 'write a broker type, e.g. kafka.m7g.large')
    .optional(),
  brokersPerZone: z.int().min(1).max(15).default(1),
  /** Of each broker; express has none to choose. */
  storageGb: z.int().min(1).max(16_384).default(usualStorageGb),
  version: z
    .string()
    .regex(/^\d+\.\d+(\.\w+)?(\.kraft)?$/)
    .default('3.9.x.kraft'),
  prefix: Prefix,
  topics: Topics,
});

/** A new cluster of Amazon MSK Serverless. */
const MskServerless = z.strictObject({
  kind: z.literal('msk-serverless'),
  /** For a region that has got MSK Serverless since the list in `regions.ts` was read. */
  regionHasServerless: z.boolean().default(false),
  prefix: Prefix,
  topics: Topics,
});

/** Which Kafka the stream is on. */
export const Stream = z.discriminatedUnion('kind', [Kafka, Msk, MskProvisioned, MskServerless]);
export type Stream = z.infer<typeof Stream>;
