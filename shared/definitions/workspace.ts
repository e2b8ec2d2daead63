import * as z from 'zod';
import { Engine } from './engine.ts';
import { RecordMapping } from './mapping.ts';
import { SecretRef } from './secret-ref.ts';

const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use lower-case letters, digits and dashes, at most 40');
const Secrets = z.array(SecretRef).min(1, 'name at least one secret; several may be valid at once while you rotate');
const CurrencyCode = z.string().regex(/^[A-Z]{3}$/);
const Url = z.url({ protocol: /^https?$/ });
const Records = z.record(z.string(), RecordMapping.nullable()).default({});

/** How a CRM writes things down, whoever made it. */
const habits = {
  /** Whose clock shows the times that come without an offset: an IANA name. Without it such a time is none. */
  timezone: z.string().optional(),
  /** Decimals of a currency's minor unit where this provider deviates from ISO 4217, e.g. { HUF: 0, KWD: 2 }. */
  minorUnits: z.record(CurrencyCode, z.int().min(0).max(6)).optional(),
};

const ZohoConnection = z.strictObject({
  vendor: z.literal('zoho'),
  dataCentre: z.enum(['us', 'eu', 'in', 'cn', 'jp', 'au', 'ca', 'sa']),
  /** For a sandbox or a test server: overrides the data centre's hosts. */
  hosts: z.strictObject({ accounts: Url, api: Url }).optional(),
  /** The OAuth client that reads back and writes. Without it only receiving works. */
  client: z.strictObject({ id: SecretRef, secret: SecretRef, refreshToken: SecretRef }).optional(),
  /** The Notification API: a secret in the path, and per channel the tokens it echoes. */
  notifications: z
    .strictObject({
      pathSecrets: Secrets,
      channels: z.array(z.strictObject({ id: z.string().regex(/^-?\d+$/), tokens: Secrets })).min(1),
    })
    .optional(),
  /** Workflow-rule webhooks: a secret in a header; JSON or form bodies. */
  workflow: z.strictObject({ header: z.string().default('x-ingest-key'), secrets: Secrets }).optional(),
  callsPerSecond: z.number().positive().max(200).default(5),
  /** Standard modules are built in; what stands here replaces one of them, null switches one off. */
  records: Records,
  /** The fields our own write-back fills: a notification about nothing else is dropped. */
  writeBack: z
    .strictObject({
      module: z.string().default('Accounts'),
      grade: z.string().default('Customer_Grade'),
      score: z.string().optional(),
      at: z.string().optional(),
    })
    .optional(),
  /** A text field on Tasks that Zoho keeps unique: makes a repeated task impossible. */
  taskKeyField: z.string().optional(),
  ...habits,
});

const FxiaokeConnection = z.strictObject({
  vendor: z.literal('fxiaoke'),
  host: z.string().default('open.fxiaoke.com'),
  /** For a test server: overrides https://host. */
  baseUrl: Url.optional(),
  app: z
    .strictObject({
      id: SecretRef,
      secret: SecretRef,
      permanentCode: SecretRef,
      actingUser: z.string(),
      style: z.enum(['header', 'body']).default('header'),
    })
    .optional(),
  /** Event push: the parse keys (44 characters of Base64), several while you rotate. */
  push: z
    .strictObject({
      keys: Secrets,
      enterpriseAccount: z.string().optional(),
      maxAgeSeconds: z.int().positive().default(86_400),
      /** Event types that mean the record may be gone; every other one means "read it again". */
      deletions: z.array(z.string()).default(['invalid', 'delete']),
    })
    .optional(),
  /** An APL function that posts to us. */
  apl: z
    .strictObject({
      auth: z.enum(['hmac-body', 'hmac-fields', 'bearer']),
      secrets: Secrets,
      maxAgeSeconds: z.int().positive().default(900),
    })
    .optional(),
  callsPerSecond: z.number().positive().max(50).default(5),
  errorClasses: z
    .record(z.string(), z.enum(['ok', 'token', 'transient', 'throttled', 'quota', 'permanent']))
    .default({}),
  records: Records,
  ...habits,
});

const GenericConnection = z.strictObject({
  vendor: z.literal('generic'),
  signature: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('standard-webhooks'),
      secrets: Secrets,
      toleranceSeconds: z.int().positive().default(300),
    }),
    z.strictObject({
      kind: z.literal('hmac'),
      header: z.string().min(1),
      algorithm: z.enum(['sha256', 'sha1', 'sha512']).default('sha256'),
      encoding: z.enum(['hex', 'base64']).default('hex'),
      /** What stands before the digest in the header, e.g. `sha256=`. */
      prefix: z.string().default(''),
      secrets: Secrets,
    }),
  ]),
  /** Where the records stand in the body: nothing for one record, a path for a list of them. */
  items: z.string().optional(),
  /** Where the kind of record stands; its value is looked up in `records`. */
  object: z.string().default('type'),
  /** Where a deletion shows, and by which values. */
  deletion: z.strictObject({ path: z.string(), values: z.array(z.string()).min(1) }).optional(),
  records: z.record(z.string(), RecordMapping),
  ...habits,
});

export const Connection = z.discriminatedUnion('vendor', [ZohoConnection, FxiaokeConnection, GenericConnection]);
export type Connection = z.infer<typeof Connection>;
export type ZohoConnection = z.infer<typeof ZohoConnection>;
export type FxiaokeConnection = z.infer<typeof FxiaokeConnection>;
export type GenericConnection = z.infer<typeof GenericConnection>;

/** What happens to a delivery of which nobody knows whether it arrived: a time-out, a crash between send and answer. */
const OnUnknown = z.enum(['resend', 'hold']);
const pace = { perMinute: z.number().positive().optional(), onUnknown: OnUnknown.default('resend') };

export const Channel = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('wecom-robot'), url: SecretRef, ...pace }),
  z.strictObject({
    type: z.literal('email'),
    host: z.string(),
    port: z.int().min(1).max(65_535).default(587),
    secure: z.boolean().default(false),
    user: SecretRef.optional(),
    password: SecretRef.optional(),
    from: z.string(),
    ...pace,
  }),
  z.strictObject({ type: z.literal('standard-webhook'), url: z.union([Url, SecretRef]), secrets: Secrets, ...pace }),
  /** Tasks in the CRM of a connection. */
  z.strictObject({ type: z.literal('crm-task'), connection: Name, ...pace }),
  /** The grade, written to the customer's record of a connection. */
  z.strictObject({ type: z.literal('crm-grade'), connection: Name, ...pace }),
]);
export type Channel = z.infer<typeof Channel>;

/** Weekends and the longest holidays of the banks. */
const usualRateAge = 7;
const RatesFile = z.string().min(1);

/** A file in the layout of the European Central Bank's eurofxref-hist.csv; its path alone will do. */
const RatesSetting = z.union([
  RatesFile.transform((file) => ({ file, maxAgeDays: usualRateAge })),
  z.strictObject({
    file: RatesFile,
    /** How many days before a fact the last rate may have been published. */
    maxAgeDays: z.int().min(0).max(366).default(usualRateAge),
  }),
]);

/** regrade.yaml: one company's settings. Paths are relative to the file. */
export const Workspace = z.strictObject({
  apiVersion: z.literal('regrade/v1'),
  kind: z.literal('Workspace'),
  tenant: Name.default('default'),
  /** The calendar of this company: day-aligned windows, dates without a time, texts. */
  timezone: z.string(),
  currency: CurrencyCode,
  /** What amounts in other currencies are converted by. */
  rates: RatesSetting.optional(),
  language: z.enum(['zh', 'en']).default('en'),
  listen: z
    .strictObject({ host: z.string().default('127.0.0.1'), port: z.int().min(0).max(65_535).default(8787) })
    .prefault({}),
  /** What the stream and the store are. */
  engine: Engine.default({ type: 'embedded' }),
  /** The folder that holds the store of the embedded engine. */
  data: z.string().default('.regrade'),
  /** The first decides the grade, the others are further dimensions. */
  models: z.array(z.string()).min(1),
  playbooks: z.array(z.string()).default([]),
  connections: z.record(Name, Connection),
  channels: z.record(Name, Channel).default({}),
  /** Outgoing requests to this machine itself: for tests and trials only. */
  allowLoopback: z.boolean().default(false),
});
export type Workspace = z.infer<typeof Workspace>;
