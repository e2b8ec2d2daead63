import * as z from 'zod';
import { functions } from '../../../shared/definitions/functions.ts';
import { Stream } from './stream.ts';

/** Of a partition's own form, be it aws, aws-cn or aws-us-gov. */
const arnOf = (service: string, sentence: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:`), `${sentence}: arn:aws:${service}:…`);

const Id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}-[0-9a-f]+$`), `write its id: ${prefix}-…`);

const Zones = z
  .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'write a zone, e.g. eu-central-1a'))
  .min(1)
  .max(6);

/** How functions that talk to private brokers and call CRMs or channels get out. */
const WayOut = z.discriminatedUnion('kind', [
  /** They call nobody, or need no private broker. */
  z.strictObject({ kind: z.literal('none') }),
  /** A NAT gateway: priced by the hour and by the GB. */
  z.strictObject({ kind: z.literal('nat'), gateways: z.int().min(1).max(6).default(1) }),
  /**
   * The same, with addresses that outlive the network, for a CRM or WeCom that wants an allow-list: every function that calls
   * out goes through it.
   */
  z.strictObject({ kind: z.literal('fixed-ip'), gateways: z.int().min(1).max(6).default(1) }),
]);

const Network = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('new'),
    cidr: z
      .cidrv4('write a block of addresses, e.g. 10.42.0.0/20')
      .regex(/\/(1[6-9]|2[0-4])$/, 'write a block of /16 to /24, e.g. 10.42.0.0/20')
      .default('10.42.0.0/20'),
    /** Where the account is not told, only two can be counted on. */
    zones: Zones.optional(),
    wayOut: WayOut.default({ kind: 'none' }),
  }),
  z.strictObject({
    kind: z.literal('existing'),
    vpcId: Id('vpc'),
    zones: Zones,
    /** One per zone, in their order, from which the brokers can be reached. */
    privateSubnetIds: z.array(Id('subnet')).min(1),
    /** Their route tables, for the gateway endpoints of DynamoDB and S3; none where both are there, or a way to the internet. */
    routeTableIds: z.array(Id('rtb')).default([]),
    /** False where S3 alone has its endpoint in these route tables: they take one of each service. */
    bucketEndpoint: z.boolean().default(true),
    /** Subnets with a way out to the internet, one per zone. Where absent nobody gets out. */
    outSubnetIds: z.array(Id('subnet')).min(1).optional(),
    /** Every function that calls out goes through them: for an allow-list. */
    fixedIp: z.boolean().default(false),
    /** False where Secrets Manager has an endpoint in this network already. */
    secretsEndpoint: z.boolean().default(true),
  }),
  /** No network of ours: the brokers can be reached from outside. */
  z.strictObject({ kind: z.literal('none') }),
]);

const Entry = z.discriminatedUnion('kind', [
  /** API Gateway: throttles before a function is called; priced by the request. */
  z.strictObject({
    kind: z.literal('http-api'),
    throttle: z
      .strictObject({ perSecond: z.int().positive().default(200), burst: z.int().positive().default(400) })
      .prefault({}),
  }),
  /** Free, and throttled by the function's concurrency alone. */
  z.strictObject({ kind: z.literal('function-url') }),
]);

/** How Lambda reads the topics. */
const Mappings = z.discriminatedUnion('mode', [
  /** Pollers of our own: retry limits, partial answers, failed records kept. Priced by the hour, shared by all mappings. */
  z.strictObject({
    mode: z.literal('provisioned'),
    pollers: z
      .strictObject({ least: z.int().min(1).max(200).default(1), most: z.int().min(1).max(2_000).default(2) })
      .prefault({}),
    batchSize: z.int().min(1).max(10_000).default(100),
    /** 0 gives the least latency. */
    windowSeconds: z.int().min(0).max(300).default(0),
    /** Lambda makes no more than 10 where failed records are kept. */
    retries: z.int().min(0).max(10).default(10),
    maxAgeHours: z.int().min(1).max(168).default(168),
    /** Where a record goes that Lambda gave up: a bucket, or the topic of dead letters. Both keep the payload. */
    onFailure: z.enum(['bucket', 'dead-topic']).default('bucket'),
  }),
  /** No hourly price; a batch that throws comes again until its records expire, and keeps its partition from going on. */
  z.strictObject({
    mode: z.literal('plain'),
    batchSize: z.int().min(1).max(10_000).default(100),
    windowSeconds: z.int().min(0).max(300).default(1),
  }),
]);

const FunctionChoices = z.strictObject({
  memoryMb: z.int().min(128).max(10_240).optional(),
  /** The most that run at once. */
  concurrency: z.int().min(1).max(1_000).optional(),
});

const Alarms = z.strictObject({
  email: z.email('write an e-mail address').optional(),
  /** A channel of the workspace, and whom it names there: mail addresses, ids of people. */
  channel: z
    .strictObject({ name: z.string().min(1), recipients: z.array(z.string().regex(/^[^\s,]+$/)).default([]) })
    .optional(),
  /** A topic of one's own, in place of a new one. */
  topicArn: arnOf('sns', 'write the ARN of a topic').optional(),
  /** No webhook for so long is an alarm; none where absent. */
  silentHours: z.int().min(1).max(24).optional(),
  /** Records may wait so long before it is an alarm. */
  lagMinutes: z.int().min(1).max(1_440).default(15),
});

/** `infra/aws/config/<stage>.yaml`: every choice of one deployment. Paths are relative to the file. */
export const Stage = z.strictObject({
  apiVersion: z.literal('regrade/v1'),
  kind: z.literal('Stage'),
  /** The workspace file that is deployed. */
  workspace: z.string().min(1),
  /** Where absent, the credentials' own. */
  account: z
    .string()
    .regex(/^\d{12}$/, 'write the 12 digits in quotes')
    .optional(),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'write a region, e.g. eu-central-1'),
  stream: Stream,
  network: Network,
  entry: Entry.prefault({ kind: 'http-api' }),
  mappings: Mappings.prefault({ mode: 'provisioned' }),
  functions: z.partialRecord(z.enum(Object.keys(functions) as [keyof typeof functions]), FunctionChoices).default({}),
  architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  table: z
    .strictObject({
      deletionProtection: z.boolean().default(true),
      pointInTimeRecovery: z.boolean().default(true),
      /** Write units a second that a runaway may cost at most. */
      maxWriteUnits: z.int().min(1).optional(),
      maxReadUnits: z.int().min(1).optional(),
    })
    .prefault({}),
  /** A key of one's own for table, topics, logs, secrets and bucket: `true` makes one. Otherwise AWS's own keys encrypt. */
  customerKey: z.union([z.boolean(), arnOf('kms', 'write true for a new key, or the ARN of one')]).default(false),
  retention: z
    .strictObject({
      /** Those that CloudWatch has. */
      logDays: z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731]).default(30),
      /** Of webhooks, events, cohorts and changes on their topics. */
      topicDays: z.int().min(1).max(365).default(7),
      /** Of dead letters, on their topic and in the bucket. */
      deadDays: z.int().min(1).max(3_650).default(30),
    })
    .prefault({}),
  alarms: Alarms.prefault({}),
  /** X-Ray. */
  tracing: z.boolean().default(false),
});
export type Stage = z.infer<typeof Stage>;
export type Network = Stage['network'];
export type AlarmChannel = NonNullable<Stage['alarms']['channel']>;
