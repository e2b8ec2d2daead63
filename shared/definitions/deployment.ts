import * as z from 'zod';
import type { KafkaDynamoDbEngine } from './engine.ts';

const brokers = z
  .string()
  .transform((text) => text.split(',').map((broker) => broker.trim()))
  .pipe(z.array(z.string().regex(/^.+:\d+$/, 'write host:port, several separated by commas')).min(1));

const secretSources = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .pipe(
    z.array(
      z
        .string()
        .regex(/^([A-Z_]+=)?arn:aws[a-z-]*:secretsmanager:/, 'write ARNs of secrets, separated by commas')
        .transform((entry) => {
          const [, prefix = '', arn = entry] = /^([A-Z_]+)=(.*)$/.exec(entry) ?? [];
          return { prefix, arn };
        }),
    ),
  );

/** What the environment may say about the engine: goes before the workspace file. */
export const EngineEnvironment = z.object({
  KAFKA_BROKERS: brokers.optional(),
  DYNAMODB_ENDPOINT: z.url({ protocol: /^https?$/, error: 'write an http or https address' }).optional(),
  DYNAMODB_TABLE: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{3,255}$/, 'a table name has 3 to 255 letters, digits, _ . -')
    .optional(),
});
export type EngineEnvironment = z.infer<typeof EngineEnvironment>;

/** What every function's environment says. */
export const Deployment = EngineEnvironment.extend({
  /** Path of the compiled workspace; a relative one starts at the function's code. */
  REGRADE_WORKSPACE: z.string({ error: 'is not set: name the file of the compiled workspace' }).min(1),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /**
   * Secrets of AWS Secrets Manager, each a JSON object of texts: their ARNs, separated by commas. What they hold is found as if it were
   * in the environment; `KAFKA_=arn…` puts a prefix before the names.
   */
  REGRADE_SECRETS: secretSources.default([]),
  /** Of the figures in CloudWatch. */
  METRICS_NAMESPACE: z.string().min(1).max(255).default('Regrade'),
  /**
   * How a function tells which records of a batch failed: `listed` in its answer; or `thrown`, for an event source mapping that takes no such
   * answer and brings back the batch of a call that failed.
   */
  FAILED_RECORDS: z.enum(['listed', 'thrown']).default('listed'),
  /** The channel of the workspace on which alarms are told. */
  ALARM_CHANNEL: z.string().min(1).optional(),
  /** Whom it names there: mail addresses, ids of people, separated by commas. */
  ALARM_RECIPIENTS: z
    .string()
    .transform((text) => text.split(',').flatMap((each) => each.trim() || []))
    .default([]),
});
export type Deployment = z.infer<typeof Deployment>;

/** The engine as the workspace has it, with what the environment overrides. */
export const engineIn = (engine: KafkaDynamoDbEngine, environment: EngineEnvironment): KafkaDynamoDbEngine => {
  const { KAFKA_BROKERS, DYNAMODB_ENDPOINT, DYNAMODB_TABLE } = environment;
  return {
    ...engine,
    kafka: { ...engine.kafka, ...(KAFKA_BROKERS === undefined ? {} : { brokers: KAFKA_BROKERS }) },
    dynamodb: {
      ...engine.dynamodb,
      ...(DYNAMODB_ENDPOINT === undefined ? {} : { endpoint: DYNAMODB_ENDPOINT }),
      ...(DYNAMODB_TABLE === undefined ? {} : { table: DYNAMODB_TABLE }),
    },
  };
};
