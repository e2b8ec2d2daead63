import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';
import { createTable } from '#shared/adapters/dynamodb/table/create-table.ts';
import { createTopics } from '#shared/adapters/kafka/create-topics.ts';
import { readTopic } from '#shared/adapters/kafka/read-topic.ts';
import type { FunctionName } from '#shared/definitions/functions.ts';
import { type Topic, topics } from '#shared/definitions/topics.ts';
import type { Received } from '#shared/ports/stream.ts';
import { type Bundle, bundleFunctions } from '../../infra/aws/bundle-functions.ts';
import { startAlertServer } from '../kit/alert-server.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { rankedShopModel, signShop } from '../kit/shop-workspace.ts';
import { shopEnvironment } from '../lambda/deploy-shop.ts';
import { functionUrlEvent } from '../lambda/function-url-event.ts';
import type { Answer, Row } from './answer.ts';
import type { Bench } from './bench.ts';
import { type BenchEngines, startBenchEngines } from './engines.ts';
import { median } from './statistics.ts';

/** KB of 1,000 bytes, and milliseconds of import and first call together. */
const mostKb = 900;
const mostMs = 250;
const rounds = 5;

/** What the functions weigh, and how long a cold one takes to its first answer. */
export const askBundles = async (bench: Bench): Promise<readonly Answer[]> => {
  const folder = bench.folder('bundles');
  bench.tell('bundling the functions');
  const bundles = await bundleFunctions(folder);
  const engines = await startBenchEngines(bench);
  if (engines === undefined)
    return [
      sizesOf(bundles),
      { title: timesTitle, rows: [], notes: ['left out: it needs Java 17 and Maven, for Kafka and DynamoDB Local'] },
    ];
  try {
    return [sizesOf(bundles), await timesOf(bundles, bench, engines)];
  } finally {
    await engines.stop();
  }
};

const sizesOf = (bundles: readonly Bundle[]): Answer => ({
  title: 'Lambda bundles, minified, with the AWS SDK and kafkajs: KB',
  rows: bundles.map(({ name, modules }) => {
    const sum = (of: Bundle['modules'], size: (file: string) => number): number =>
      of.reduce((bytes, { file }) => bytes + size(file), 0) / 1_000;
    const bytesOf = (file: string): number => readFileSync(file).length;
    const atStart = modules.filter((module) => module.atStart);
    return {
      function: name,
      'read at start': sum(atStart, bytesOf),
      'to reach': mostKb,
      all: sum(modules, bytesOf),
      'all, gzip': sum(modules, (file) => gzipSync(readFileSync(file)).length),
    };
  }),
  notes: [
    'what is not read at the start: the mailer, read by the first e-mail, and sources of settings that Lambda does not use',
  ],
});

const timesTitle = 'Cold functions: milliseconds in a fresh process, Kafka and DynamoDB on loopback';

const timesOf = async (bundles: readonly Bundle[], bench: Bench, engines: BenchEngines): Promise<Answer> => {
  const site = await openSite(bench, engines);
  const times = new Map<string, Times[]>();
  const take = async (name: string, module: string, event: unknown): Promise<void> => {
    times.set(name, [...(times.get(name) ?? []), await timeOnce(module, event, site, bench)]);
  };
  try {
    for (let round = 1; round <= rounds; round += 1) {
      bench.tell(`cold functions: round ${round} of ${rounds}`);
      await take('nothing', site.empty, {});
      for (const name of order) {
        const entry = bundles.find((bundle) => bundle.name === name)?.entry ?? '';
        await take(name, entry, await eventFor(name, round, site));
      }
    }
  } finally {
    await site.stop();
  }
  return {
    title: timesTitle,
    rows: [...times].map(([name, taken]) => rowOf(name, taken)),
    notes: [`medians of ${rounds} processes each; the first call appends, reads and writes for one record`],
  };
};

const rowOf = (name: string, taken: readonly Times[]): Row => ({
  function: name,
  import: median(taken.map(({ importMs }) => importMs)),
  'first call': median(taken.map(({ callMs }) => callMs)),
  both: median(taken.map(({ importMs, callMs }) => importMs + callMs)),
  'to reach': name === 'nothing' ? Number.NaN : mostMs,
});

const Times = z.object({ importMs: z.number(), callMs: z.number(), answer: z.unknown() });
type Times = z.infer<typeof Times>;

const script = fileURLToPath(new URL('time-handler.mjs', import.meta.url));

const timeOnce = async (
  module: string,
  event: unknown,
  { folder, environment }: Site,
  bench: Bench,
): Promise<Times> => {
  const [eventFile, timesFile] = [join(folder, 'event.json'), join(folder, 'times.json')];
  writeFileSync(eventFile, JSON.stringify(event));
  writeFileSync(timesFile, '');
  const child = bench.children.spawn([script, module, eventFile, timesFile], { cwd: folder, environment });
  await new Promise((resolve) => child.once('exit', resolve));
  const times = Times.parse(JSON.parse(readFileSync(timesFile, 'utf8')));
  const answer = JSON.stringify(times.answer);
  if (/"statusCode":[45]|"offset"/.test(answer)) throw new Error(`${module} answered ${answer}`);
  return times;
};

interface Site {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A module whose handler does nothing. */
  readonly empty: string;
  readonly prefix: string;
  readonly brokers: readonly string[];
  stop(): Promise<void>;
}

const openSite = async (bench: Bench, { brokers, endpoint }: BenchEngines): Promise<Site> => {
  const folder = bench.folder('cold');
  mkdirSync(folder, { recursive: true });
  const prefix = `bench-${randomUUID().slice(0, 8)}.`;
  const table = `bench-${randomUUID().slice(0, 8)}`;
  const client = connectDynamoDb({ endpoint });
  await createTable(client, table);
  client.destroy();
  await createTopics({ brokers, prefix, clientId: 'bench', log: quietLog() }, { partitions: 1, replicationFactor: 1 });
  const alerts = await startAlertServer();
  const empty = join(folder, 'empty.mjs');
  writeFileSync(empty, 'export const handler = async () => null;\n');
  const environment = shopEnvironment({
    ...{ folder, brokers, prefix, endpoint, table, alertUrl: alerts.url },
    model: rankedShopModel,
  });
  return { folder, environment, empty, prefix, brokers, stop: () => alerts.stop() };
};

const order: readonly FunctionName[] = [
  'receive-webhook',
  'resolve-records',
  'grade-customers',
  'rank-cohorts',
  'act-on-changes',
  'keep-time',
];
const fed: Readonly<Partial<Record<FunctionName, Topic>>> = {
  'resolve-records': topics.webhooks,
  'grade-customers': topics.events,
  'rank-cohorts': topics.cohorts,
  'act-on-changes': topics.changes,
};

/** A new customer in each round; every further function is fed with what the one before has just made of it. */
const eventFor = async (name: FunctionName, round: number, site: Site): Promise<unknown> => {
  const topic = fed[name];
  if (topic !== undefined) return kafkaEventFor(await lastOf(topic, site), site);
  if (name === 'keep-time') return {};
  const changedAt = Date.now() - 1_000;
  const { body, headers } = signShop([{ type: 'customer', id: String(round), name: `Customer ${round}`, changedAt }]);
  return functionUrlEvent('/hooks/generic/shop', body, headers);
};

const lastOf = async (topic: Topic, { brokers, prefix }: Site): Promise<Received> => {
  let last: Received | undefined;
  for await (const record of readTopic({ brokers, prefix, clientId: 'bench', log: quietLog() }, topic)) last = record;
  if (last === undefined) throw new Error(`nothing is on ${topic}`);
  return last;
};

const kafkaEventFor = ({ topic, partition, offset, key, value, at }: Received, { prefix, brokers }: Site) => ({
  eventSource: 'SelfManagedKafka',
  bootstrapServers: brokers.join(','),
  records: {
    [`${prefix}${topic}-${partition}`]: [
      {
        ...{ topic: `${prefix}${topic}`, partition, offset, timestamp: at, timestampType: 'LOG_APPEND_TIME' },
        ...{ key: Buffer.from(key).toString('base64'), value: Buffer.from(value).toString('base64'), headers: [] },
      },
    ],
  },
});
