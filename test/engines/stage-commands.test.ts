import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Topic, topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { type Ran, runRegrade, spawnRegrade } from '../cli/run-regrade.ts';
import { exhaustedOnS3 } from '../domain/aws-failures.ts';
import { type BlackHole, openBlackHole } from '../kit/black-hole.ts';
import { type SecretsManagerStandIn, secretArn, startSecretsManagerStandIn } from '../kit/secrets-manager-stand-in.ts';
import { freePort } from './child-process.ts';
import { engineAddress } from './engine-address.ts';
import { type OwnKafka, ownKafka } from './own-kafka.ts';

const folder = mkdtempSync(join(tmpdir(), 'regrade-stage-'));
const stageFile = join(folder, 'acme.yaml');
const port = 20_000 + Math.floor(Math.random() * 20_000);
const url = `http://127.0.0.1:${port}`;
const shopSecret = 'a-secret-of-the-shop-0123456789';

/** A Kafka that is reached from outside, by user name and password, with certificates of an authority of its own. */
const stage = `apiVersion: regrade/v1
kind: Stage
workspace: regrade.yaml
region: eu-central-1
stream:
  kind: kafka
  reach: public
  brokers: [kafka.example.com:9092]
  signIn: { by: scram-sha-512, secret: "${secretArn('kafka-regrade')}" }
  authority: "${secretArn('kafka-authority')}"
  prefix: acme.
  topics: { partitions: 2, replicas: 1 }
network: { kind: none }
`;

let kafka: OwnKafka;
let secured: string;
let way: BlackHole;
let secretsManager: SecretsManagerStandIn;
let worker: ReturnType<typeof spawnRegrade> | undefined;

beforeAll(async () => {
  const securePort = await freePort();
  secured = `127.0.0.1:${securePort}`;
  kafka = await ownKafka(async (home) => {
    makeCertificates(home);
    const login = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
    return {
      listeners: [{ name: 'SECURED', protocol: 'SASL_SSL', address: secured }],
      properties: [
        'listener.name.secured.sasl.enabled.mechanisms=SCRAM-SHA-512',
        `listener.name.secured.scram-sha-512.sasl.jaas.config=${login}`,
        'listener.name.secured.ssl.keystore.type=PEM',
        `listener.name.secured.ssl.keystore.location=${join(home, 'server.pem')}`,
      ],
      format: ['--add-scram', 'SCRAM-SHA-512=[name=worker,password=scram-secret]'],
    };
  });
  way = await openBlackHole(securePort);
  way.swallow();
  secretsManager = await startSecretsManagerStandIn();
  const pem = readFileSync(join(kafka.folder, 'ca.crt'), 'utf8');
  secretsManager.put(secretArn('kafka-regrade'), JSON.stringify({ username: 'worker', password: 'scram-secret' }));
  secretsManager.put(secretArn('kafka-authority'), JSON.stringify({ certificate: pem }));
  for (const purpose of ['entrances', 'channels']) secretsManager.put(`regrade/acme/${purpose}`, '{}');
  expect(await runRegrade(['init', folder], { folder })).toMatchObject({ code: 0 });
  writeFileSync(stageFile, stage);
}, 120_000);

afterAll(async () => {
  await stopWorker();
  await kafka.close();
  await way.close();
  await secretsManager.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** An authority, and what it signed for the broker. */
const makeCertificates = (home: string): void => {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: home, stdio: 'pipe' });
  const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test-authority');
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1'];
  openssl('req', '-x509', ...key, ...signed, '-keyout', 'server.key', '-out', 'server.crt', '-subj', '/CN=server');
  const chain = ['server.key', 'server.crt'].map((name) => readFileSync(join(home, name), 'utf8'));
  writeFileSync(join(home, 'server.pem'), chain.join(''));
};

const table = `regrade-commands-${port}`;

/** What takes the place of the addresses and credentials of AWS; the stage file stays as it is. */
const environment = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  KAFKA_BROKERS: secured,
  DYNAMODB_ENDPOINT: engineAddress('DYNAMODB_ENDPOINT'),
  DYNAMODB_TABLE: table,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
  AWS_ACCESS_KEY_ID: 'operator',
  AWS_SECRET_ACCESS_KEY: 'operator',
  ...more,
});

const regrade = (...args: readonly string[]): Promise<Ran> =>
  runRegrade([...args, '--stage', stageFile], { folder, environment: environment() });

/** From where no broker answers. */
const regradeAfar = (...args: readonly string[]): Promise<Ran> =>
  runRegrade([...args, '--stage', stageFile], { folder, environment: environment({ KAFKA_BROKERS: way.address }) });

const until = async (what: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + 90_000;
  while (!(await what().catch(() => false))) {
    if (Date.now() > end) throw new Error('it did not come to that');
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
};

const startWorker = async (): Promise<void> => {
  const secrets = {
    SHOP_WEBHOOK_SECRET: shopSecret,
    ALERT_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  };
  const started = spawnRegrade(['worker', '--port', String(port), '--stage', stageFile], {
    folder,
    environment: environment(secrets),
  });
  started.stdout.resume();
  started.stderr.resume();
  worker = started;
  await until(async () => (await fetch(`${url}/ready`)).ok);
};

const stopWorker = async (): Promise<void> => {
  if (worker === undefined || worker.exitCode !== null) return;
  const ended = new Promise((resolve) => worker?.once('close', resolve));
  worker.kill('SIGTERM');
  await ended;
};

const account = (id: string, name: string) => ({
  ...{ type: 'account', id, name, updatedAt: '2026-03-01T09:00:00Z' },
});

const send = (record: object): Promise<Response> => {
  const body = JSON.stringify(record);
  const signature = createHmac('sha256', shopSecret).update(body).digest('hex');
  return fetch(`${url}/hooks/generic/shop`, {
    ...{ method: 'POST', body },
    headers: { 'content-type': 'application/json', 'x-signature': `sha256=${signature}` },
  });
};

const Explained = z.object({ grades: z.array(z.object({ grade: z.string().nullable() })) });
const gradeOf = async (customer: string): Promise<string | null | undefined> =>
  Explained.parse(JSON.parse((await regrade('explain', customer, '--json')).out)).grades[0]?.grade;

const Joined = z.object({ partOf: z.object({ customer: z.string() }).optional() });
const partOf = async (customer: string): Promise<string | undefined> =>
  Joined.parse(JSON.parse((await regrade('explain', customer, '--json')).out)).partOf?.customer;

const Letters = z.array(z.object({ id: z.string(), stage: z.string() }));

/** Puts onto a topic what nobody can read. */
const garble = async (topic: Topic): Promise<void> => {
  const client = new Kafka({ brokers: [kafka.way.address], logLevel: logLevel.NOTHING });
  const producer = client.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  await producer.send({ topic: `acme.${topic}`, messages: [{ key: 'k', value: 'not JSON' }] });
  await producer.disconnect();
};

const Doctored = z.object({ ok: z.boolean(), findings: z.array(z.object({ code: z.string(), state: z.string() })) });
const codesOf = ({ out }: Ran): string[] => Doctored.parse(JSON.parse(out)).findings.map(({ code }) => code);

// each step stands on the one before it: one story
describe('commands against a stage', () => {
  it('work from the first topic to the last grade, and by way of the table where no broker answers', {
    timeout: 580_000,
  }, async () => {
    const before = await regrade('doctor', '--json');
    expect(before.code).toBe(1);
    expect(codesOf(before)).toEqual([
      ...['node:fine', 'workspace:fine', 'secrets:missing', 'credentials:fine', 'table:missing'],
      ...['brokers:fine', 'sign-in:fine', 'topics:missing'],
    ]);

    const made = await regrade('topics', 'create');
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toContain('Made the Kafka topic acme.regrade.events\n');
    expect(await regrade('topics', 'create')).toMatchObject({
      code: 0,
      out: 'Every topic is there, and as the settings have it\n',
    });
    expect(await regrade('setup')).toMatchObject({ code: 0, out: `Made the DynamoDB table ${table}\n` });

    await startWorker();
    expect((await send(account('42', 'Acme Ltd'))).status).toBe(200);
    await until(async () => (await gradeOf('account:shop:42')) !== undefined);

    const status = await regrade('status');
    expect(status).toMatchObject({ code: 0, err: '' });
    expect(status.out).toMatch(/ {2}shop +[1-9].*BALANCED\n/);
    expect(status.out).toMatch(/ {2}grade-customers +regrade\.events +\d+\n/);

    expect(await regrade('hold', 'Acme', '--grade', 'A', '--why', 'signs soon')).toMatchObject({
      ...{ code: 0, err: '' },
      out: 'account:shop:42 is held at A until it is released.\n',
    });
    await until(async () => (await gradeOf('42')) === 'A');
    expect(await regrade('verify')).toMatchObject({ code: 0 });
    expect(await regrade('dead', 'list')).toMatchObject({ code: 0, out: 'There are no such dead letters.\n' });
    const model = join(folder, 'models/existing-abc.yaml');
    expect(await regrade('simulate', '--model', model, '--json')).toMatchObject({ code: 0 });
    expect((await regrade('models')).out).toMatch(/existing-abc/);
    writeFileSync(
      model,
      readFileSync(model, 'utf8').replace('version: 1\n', 'version: 2\n').replace('A: 50000', 'A: 40000'),
    );
    const published = await regrade('publish', '--model', model, '--why', 'A from 40,000', '--yes');
    expect(published).toMatchObject({ code: 0 });
    expect(published.out).toContain('Every customer is graded by epoch 2.\n');
    const back = await regrade('rollback', '--why', 'too easy');
    expect(back).toMatchObject({ code: 0 });
    expect(back.out).toContain('Every customer is graded by epoch 3.\n');

    // from afar: the table is told of, and what is sent goes through it
    const far = await regradeAfar('status');
    expect(far.code).toBe(0);
    expect(far.out).toContain('the brokers do not answer from here');
    expect((await regradeAfar('dead', 'list')).err).toContain('aws s3 sync');
    expect(codesOf(await regradeAfar('doctor', '--json'))).toContain('sign-in:silent');
    const released = await regradeAfar('release', '42', '--why', 'signed');
    expect(released).toMatchObject({ code: 0, out: 'account:shop:42 is released: the model decides again.\n' });
    expect(released.err).toBe('It goes by way of the table: the clock takes it to its topic within about a minute.\n');
    await until(async () => (await gradeOf('42')) !== 'A');

    // what Lambda gave up, out of its bucket
    const failed = join(folder, 'failed');
    const late = { ...account('77', 'Late Ltd'), status: 'open' };
    const given = {
      ...{ tenant: 'default', connection: 'shop', object: 'account', id: '77', operation: 'upsert', delivery: 'd77' },
      ...{ receivedAt: Date.now(), payload: late },
    };
    const value = encodeCloudEvent({ id: 'e77', source: 'regrade/default', type: 'hint', data: given }, Date.now());
    const record = { topic: `acme.${topics.webhooks}`, partition: 0, offset: 9_999, key: 'shop/account/77', value };
    writeFileSync(failed, JSON.stringify(exhaustedOnS3([record])));
    expect((await regradeAfar('dead', 'list', '--file', failed)).out).toContain('retries-exhausted');
    expect(await regradeAfar('dead', 'replay', '--file', failed)).toMatchObject({
      code: 0,
      out: 'Replayed 1 dead letter.\n',
    });
    await until(async () => (await gradeOf('account:shop:77')) !== undefined);

    expect(await regrade('merge', 'account:shop:77', '--into', '42', '--why', 'entered twice')).toMatchObject({
      code: 0,
    });
    await until(async () => (await partOf('account:shop:77')) === 'account:shop:42');
    expect(await regradeAfar('unmerge', 'account:shop:77', '--why', 'two shops')).toMatchObject({ code: 0 });
    await until(async () => (await partOf('account:shop:77')) === undefined);

    await garble(topics.webhooks);
    const parked = async () => Letters.parse(JSON.parse((await regrade('dead', 'list', '--json')).out));
    await until(async () => (await parked()).length === 1);
    const [letter] = await parked();
    expect(letter?.stage).toBe('resolve-records');
    const shown = await regrade('dead', 'show', letter?.id ?? '');
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.out).toContain('not JSON');

    const after = await regrade('doctor', '--json');
    // the file still has what was given up by the rollback
    expect(codesOf(after)).toEqual(
      expect.arrayContaining(['table:fine', 'topics:fine', 'backlog:none', 'model:edited']),
    );
  });

  it('keep secrets in Secrets Manager, by the names that the workspace uses', { timeout: 120_000 }, async () => {
    expect((await regrade('secrets', 'list')).out).toMatch(
      /entrances +regrade\/acme\/entrances +SHOP_WEBHOOK_SECRET +MISSING/,
    );
    const args = ['secrets', 'set', 'SHOP_WEBHOOK_SECRET', '--stage', stageFile];
    const set = await runRegrade(args, { folder, environment: environment(), input: `${shopSecret}\n` });
    expect(set).toMatchObject({ code: 0, err: '' });
    expect(set.out).not.toContain(shopSecret);
    expect((await regrade('secrets', 'list')).out).toMatch(/SHOP_WEBHOOK_SECRET +has a value/);
  });
});
