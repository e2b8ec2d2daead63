import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kafka, Kafka as KafkaClient, logLevel } from 'kafkajs';
import type { Bundle } from '#infra/aws/bundle-functions.ts';
import { compileWorkspace } from '#infra/aws/compile-workspace.ts';
import { createTopics } from '#shared/adapters/kafka/create-topics.ts';
import { type FunctionDefinition, type FunctionName, functions as limitsOf } from '#shared/definitions/functions.ts';
import { groups, topics } from '#shared/definitions/topics.ts';
import { Workspace } from '#shared/definitions/workspace.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { alertSecret, shopWorkspace, signShop } from '../kit/shop-workspace.ts';
import { type EventSource, type EventSourceSettings, startEventSource } from './event-source.ts';
import { functionUrlEvent } from './function-url-event.ts';
import type { Invoked } from './lambda-environment.ts';
import { type LambdaFunction, lambdaFunction } from './lambda-function.ts';

export interface ShopPlace {
  readonly folder: string;
  readonly brokers: readonly string[];
  /** Stands before topics and groups. */
  readonly prefix: string;
  readonly endpoint: string;
  /** Exists. */
  readonly table: string;
  readonly alertUrl: string;
  /** The origin of a Zoho CRM that notifies as `crm`. */
  readonly zohoUrl?: string;
  /** `shopModel` where it is absent. */
  readonly model?: unknown;
}

export interface ShopSite extends ShopPlace {
  readonly bundles: readonly Bundle[];
  /** Where a function finds the table; the place's own endpoint where it is absent. */
  readonly endpointOf?: (name: FunctionName) => string;
  /** What the environment of a function says besides, or in other words; an empty text counts as absent. */
  readonly more?: Readonly<Record<string, string>>;
}

type Fed = 'resolve-records' | 'grade-customers' | 'rank-cohorts' | 'act-on-changes';

export interface DeployedShop {
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>;
  readonly kafka: Kafka;
  /** Sends one signed delivery through the function URL. */
  send(records: readonly unknown[]): Promise<Invoked>;
  /** Feeds functions from their topics, as the event source mappings of a deployment do. */
  feed(names: readonly Fed[], settings?: Partial<EventSourceSettings>): Promise<readonly EventSource[]>;
  /** Everything by the clock, once. */
  tick(): Promise<Invoked>;
  stop(): Promise<void>;
}

const feeds = {
  'resolve-records': { topic: topics.webhooks, group: groups.resolveRecords },
  'grade-customers': { topic: topics.events, group: groups.gradeCustomers },
  'rank-cohorts': { topic: topics.cohorts, group: groups.rankCohorts },
  'act-on-changes': { topic: topics.changes, group: groups.actOnChanges },
} as const;

/** The shop of the tests as Lambda functions, each in processes of its own, on a real broker and a real table. */
export const deployShop = async (site: ShopSite): Promise<DeployedShop> => {
  const { brokers, prefix, bundles } = site;
  await createTopics({ brokers, prefix, clientId: 'test', log: quietLog() }, { partitions: 2, replicationFactor: 1 });
  const shop = { ...shopEnvironment(site), ...site.more };
  const deployed = bundles.map(({ name, entry }) => {
    const timeoutMs = limitsOf[name].timeoutSeconds * 1_000;
    const environment = environmentOf(name, shop, site);
    return [name, lambdaFunction({ name, file: entry, environment, timeoutMs })] as const;
  });
  const functions = Object.fromEntries(deployed) as Record<FunctionName, LambdaFunction>;
  const kafka = new KafkaClient({ brokers: [...brokers], clientId: 'event-source', logLevel: logLevel.NOTHING });
  const sources: EventSource[] = [];
  return {
    functions,
    kafka,
    send: (records) => {
      const { body, headers } = signShop(records);
      return functions['receive-webhook'].invoke(functionUrlEvent('/hooks/generic/shop', body, headers));
    },
    feed: async (names, settings = {}) => {
      const started = await Promise.all(
        names.map((name) =>
          startEventSource({
            ...{ kafka, brokers, target: functions[name] },
            ...{ topic: `${prefix}${feeds[name].topic}`, group: `${prefix}${feeds[name].group}` },
            ...settings,
          }),
        ),
      );
      sources.push(...started);
      return started;
    },
    tick: () => functions['keep-time'].invoke({ task: 'keep' }),
    stop: async () => {
      await Promise.all(sources.map((source) => source.stop()));
      await Promise.all(Object.values(functions).map((each) => each.stop()));
    },
  };
};

/** Who talks to no broker is not told of any. */
const environmentOf = (
  name: FunctionName,
  { KAFKA_BROKERS: brokers = '', ...shop }: Readonly<Record<string, string>>,
  { endpointOf }: ShopSite,
): Readonly<Record<string, string>> => {
  const { appends, watches }: FunctionDefinition = limitsOf[name];
  return {
    ...shop,
    ...(appends.length + watches.length === 0 ? {} : { KAFKA_BROKERS: brokers }),
    ...(endpointOf === undefined ? {} : { DYNAMODB_ENDPOINT: endpointOf(name) }),
  };
};

/** What the environment of every function of a shop says; the compiled workspace is written. */
export const shopEnvironment = (place: ShopPlace): Record<string, string> => {
  const { folder, brokers, prefix, endpoint, table, alertUrl, zohoUrl, model } = place;
  const channels = {
    managers: { type: 'standard-webhook', url: alertUrl, secrets: [{ env: 'REGRADE_TEST_ALERT_SECRET' }] },
  };
  const loaded = shopWorkspace({ folder, channels, rules, ...(model === undefined ? {} : { model }) });
  const workspace = Workspace.parse({
    ...loaded.workspace,
    engine: { type: 'kafka-dynamodb', kafka: { prefix } },
    connections: { ...loaded.workspace.connections, ...(zohoUrl === undefined ? {} : { crm: zohoAt(zohoUrl) }) },
  });
  const file = join(folder, 'workspace.json');
  writeFileSync(file, compileWorkspace({ ...loaded, workspace }));
  return {
    REGRADE_WORKSPACE: file,
    KAFKA_BROKERS: brokers.join(','),
    DYNAMODB_ENDPOINT: endpoint,
    DYNAMODB_TABLE: table,
    REGRADE_TEST_SHOP_SECRET: process.env['REGRADE_TEST_SHOP_SECRET'] ?? '',
    REGRADE_TEST_ALERT_SECRET: alertSecret,
    REGRADE_TEST_ZOHO_ID: zohoClient.clientId,
    REGRADE_TEST_ZOHO_SECRET: zohoClient.clientSecret,
    REGRADE_TEST_ZOHO_REFRESH: zohoClient.refreshToken,
    REGRADE_TEST_ZOHO_PATH: zohoPath,
    REGRADE_TEST_ZOHO_CHANNEL: zohoChannel.token,
  };
};

/** What a stand-in of Zoho has to accept. */
export const zohoClient = { clientId: '1000.CLIENT', clientSecret: 'client-secret', refreshToken: '1000.refresh' };
const zohoPath = 'a-path-of-zoho-0123456789';
const zohoChannel = { id: '1000000068001', token: 'a-token-of-the-channel' };

const zohoAt = (url: string) => ({
  vendor: 'zoho',
  dataCentre: 'eu',
  hosts: { accounts: url, api: url },
  client: {
    id: { env: 'REGRADE_TEST_ZOHO_ID' },
    secret: { env: 'REGRADE_TEST_ZOHO_SECRET' },
    refreshToken: { env: 'REGRADE_TEST_ZOHO_REFRESH' },
  },
  notifications: {
    pathSecrets: [{ env: 'REGRADE_TEST_ZOHO_PATH' }],
    channels: [{ id: zohoChannel.id, tokens: [{ env: 'REGRADE_TEST_ZOHO_CHANNEL' }] }],
  },
});

/** Zoho says that these records may have changed, and no more. */
export const zohoNotification = (module: string, ids: readonly string[]) =>
  functionUrlEvent(
    `/hooks/zoho/crm/notifications/${zohoPath}`,
    JSON.stringify({ module, ids, operation: 'update', channel_id: zohoChannel.id, token: zohoChannel.token }),
    { 'content-type': 'application/json' },
  );

const both = (text: string) => ({ zh: text, en: text });
const rules = [
  {
    id: 'changes',
    when: {},
    do: [{ alert: { channel: 'managers', title: both('{{name}}'), text: both('{{reasons}}') } }],
  },
];
