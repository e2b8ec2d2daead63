import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Bundle, bundleFunctions } from '#infra/aws/bundle-functions.ts';
import { startZohoStandIn } from '#infra/demo/zoho-stand-in/start-zoho-stand-in.ts';
import { dynamoDbCustomerStore } from '#shared/adapters/dynamodb/customers/customer-store.ts';
import { dynamoDbRecordStore } from '#shared/adapters/dynamodb/records/record-store.ts';
import { dynamoDbSpill } from '#shared/adapters/dynamodb/spill.ts';
import { dynamoDbTokenStore } from '#shared/adapters/dynamodb/token-store.ts';
import { readTopic } from '#shared/adapters/kafka/read-topic.ts';
import { functionNames, functions } from '#shared/definitions/functions.ts';
import { type Topic, topics } from '#shared/definitions/topics.ts';
import { ConnectionId, CustomerId, TenantId } from '#shared/domain/ids.ts';
import type { Received } from '#shared/ports/stream.ts';
import { type AlertServer, startAlertServer } from '../kit/alert-server.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { secretArn, startSecretsManagerStandIn } from '../kit/secrets-manager-stand-in.ts';
import { alertSecret, rankedShopModel, shopSecret } from '../kit/shop-workspace.ts';
import { type DeployedShop, deployShop, zohoClient, zohoNotification } from '../lambda/deploy-shop.ts';
import { type DynamoDbProxy, startDynamoDbProxy } from '../lambda/dynamodb-proxy.ts';
import { functionUrlEvent } from '../lambda/function-url-event.ts';
import { client, freshTable } from './dynamodb-table.ts';
import { engineAddress } from './engine-address.ts';

const brokers = engineAddress('KAFKA_BROKERS').split(',');
const tenant = TenantId.parse('default');
const start = Date.now() - 3_600_000;

let folder = '';
let bundles: readonly Bundle[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'regrade-lambda-'));
  bundles = await bundleFunctions(join(folder, 'bundles'));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Site {
  readonly shop: DeployedShop;
  readonly alerts: AlertServer;
  readonly proxy: DynamoDbProxy;
  readonly folder: string;
  readonly prefix: string;
  readonly table: string;
  read(topic: Topic): Promise<readonly Received[]>;
}

interface Choices {
  readonly zohoUrl?: string;
  readonly model?: unknown;
  readonly more?: Readonly<Record<string, string>>;
}

const deploy = async (choices: Choices = {}): Promise<Site> => {
  const prefix = `l${randomUUID().slice(0, 8)}.`;
  const own = mkdtempSync(join(folder, 'site-'));
  const alerts = await startAlertServer();
  const proxy = await startDynamoDbProxy(engineAddress('DYNAMODB_ENDPOINT'));
  const table = await freshTable();
  const where = { brokers, prefix, endpoint: proxy.url, table, folder: own, alertUrl: alerts.url, ...choices };
  const shop = await deployShop({ ...where, bundles, endpointOf: (name) => `${proxy.url}/${name}` });
  onTestFinished(async () => {
    await shop.stop();
    // whatever the test was about: on AWS a function has the rights of the one list, and no other
    for (const name of functionNames)
      expect(functions[name].table, name).toEqual(expect.arrayContaining([...proxy.done(name)]));
    await proxy.close();
    await alerts.stop();
  });
  const read = async (topic: Topic): Promise<readonly Received[]> => {
    const found: Received[] = [];
    for await (const record of readTopic({ brokers, prefix, clientId: 'test', log: quietLog() }, topic))
      found.push(record);
    return found;
  };
  return { shop, alerts, proxy, folder: own, prefix, table, read };
};

const account = (id: string) => ({ type: 'customer', id, name: `Customer ${id}`, changedAt: start });
const invoice = (id: string, customer: string, amount: number) => ({
  ...{ type: 'invoice', id, customer, amount: String(amount) },
  ...{ paidAt: start, changedAt: start },
});

const until = async (what: string, holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> => {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it did not come to this: ${what}`);
    await pause(50);
  }
};

const gradesOf = (alerts: AlertServer, customer: string): unknown[] =>
  alerts.heard
    .filter(({ body }) => String(body.data['customer']).endsWith(`:${customer}`))
    .map(({ body }) => body.data['to']);

/** Lines of a function that are no figures. */
const linesOf = (
  shop: DeployedShop,
  name: (typeof functionNames)[number],
): readonly Readonly<Record<string, unknown>>[] =>
  shop.functions[name]
    .lines()
    .filter((line) => line.startsWith('{') && !line.includes('"_aws"'))
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

/** What the lines of a function's trail say that came of something; undefined where they do not speak of it. */
const cameOf = (shop: DeployedShop, name: (typeof functionNames)[number], id: string): readonly string[] | undefined =>
  linesOf(shop, name)
    .filter(({ msg, from }) => msg === 'trail' && (from as readonly string[]).includes(id))
    .at(-1)?.['to'] as readonly string[] | undefined;

const failuresIn = (shop: DeployedShop): readonly string[] =>
  Object.values(shop.functions).flatMap((each) => each.lines().filter((line) => line.includes('"level":50')));

const ok = { outcome: 'answered', answer: { statusCode: 200 } };

describe('the functions on Lambda', () => {
  it('go from a signed webhook to one delivered alert', async () => {
    const { shop, alerts, proxy } = await deploy({ more: { METRICS_NAMESPACE: 'Regrade/test' } });
    await shop.feed(['resolve-records', 'grade-customers', 'act-on-changes']);
    expect(await shop.send([account('1'), invoice('i1', '1', 250)])).toMatchObject(ok);
    await until('an alert of grade B', () => gradesOf(alerts, '1').at(-1) === 'B');
    expect(await shop.tick()).toEqual({ outcome: 'answered', answer: null });
    expect(failuresIn(shop)).toEqual([]);
    expect(new Set(alerts.heard.map(({ id }) => id)).size).toBe(alerts.heard.length);
    expect([...proxy.done('grade-customers')]).toContain('PutItem');
    const figures = shop.functions['grade-customers'].lines().filter((line) => line.includes('"_aws"'));
    expect(JSON.parse(figures[0] ?? '{}')).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Namespace: 'Regrade/test' }] },
      stage: 'grade-customers',
    });
  });

  it('can be followed by ids from the webhook to the alert', async () => {
    const { shop, alerts } = await deploy();
    await shop.feed(['resolve-records', 'grade-customers', 'act-on-changes']);
    await shop.send([account('1'), invoice('i1', '1', 250)]);
    await until('an alert of grade B', () => gradesOf(alerts, '1').at(-1) === 'B');
    const { delivery } = linesOf(shop, 'receive-webhook').find(({ msg }) => msg === 'webhook') ?? {};
    const events = cameOf(shop, 'resolve-records', `${String(delivery)}/1`) ?? [];
    expect(events).toEqual([expect.stringMatching(/^shop\/invoice\/i1@/)]);
    const changes = cameOf(shop, 'grade-customers', events[0] ?? '') ?? [];
    expect(changes.length).toBeGreaterThan(0);
    const deliveries = cameOf(shop, 'act-on-changes', changes.at(-1) ?? '') ?? [];
    expect(alerts.heard.map(({ id }) => id)).toContain(deliveries.at(-1));
    await until('the line of the sending', () =>
      linesOf(shop, 'act-on-changes').some(
        ({ stage, to, outcome }) =>
          stage === 'deliver' && outcome === 'delivered' && (to as readonly string[]).includes(deliveries.at(-1) ?? ''),
      ),
    );
    for (const name of ['receive-webhook', 'resolve-records', 'grade-customers', 'act-on-changes'] as const) {
      const trail = linesOf(shop, name).filter(({ msg }) => msg === 'trail' || msg === 'webhook');
      expect(trail.length, name).toBeGreaterThan(0);
      for (const { requestId } of trail) expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
      expect(JSON.stringify(trail), name).not.toMatch(/Customer 1|amount|"250"/);
    }
  });

  it('find their secrets in Secrets Manager, and say which is missing', async () => {
    const manager = await startSecretsManagerStandIn();
    onTestFinished(() => manager.stop());
    const [entrances, channels] = [secretArn('regrade/test/entrances'), secretArn('regrade/test/channels')];
    manager.put(channels, JSON.stringify({ REGRADE_TEST_ALERT_SECRET: alertSecret }));
    manager.put(entrances, '{"REGRADE_TEST_SHOP_SECRET":""}');
    const more = {
      ...{ REGRADE_TEST_SHOP_SECRET: '', REGRADE_TEST_ALERT_SECRET: '' },
      REGRADE_SECRETS: `${entrances},${channels}`,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url,
      ...{ AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-central-1' },
    };
    const { shop, alerts } = await deploy({ more });
    expect(await shop.send([account('1')])).toMatchObject({
      outcome: 'failed',
      error: {
        errorMessage: expect.stringContaining(
          'REGRADE_TEST_SHOP_SECRET in the secret regrade/test/entrances is not set',
        ) as string,
      },
    });
    manager.put(entrances, JSON.stringify({ REGRADE_TEST_SHOP_SECRET: shopSecret }));
    await shop.feed(['resolve-records', 'grade-customers', 'act-on-changes']);
    expect(await shop.send([account('1')])).toMatchObject(ok);
    await until('an alert of grade C', () => gradesOf(alerts, '1').at(-1) === 'C');
  });

  it('tell a customer that another one passed, where grades go by rank', async () => {
    const { shop, alerts } = await deploy({ model: rankedShopModel });
    await shop.feed(['resolve-records', 'grade-customers', 'rank-cohorts', 'act-on-changes']);
    expect(
      await shop.send([account('1'), invoice('i1', '1', 250), account('2'), invoice('i2', '2', 100)]),
    ).toMatchObject(ok);
    await until('the first is A', () => gradesOf(alerts, '1').at(-1) === 'A' && gradesOf(alerts, '2').at(-1) === 'C');
    expect(await shop.send([invoice('i3', '2', 400)])).toMatchObject(ok);
    await until(
      'the second passed it',
      () => gradesOf(alerts, '2').at(-1) === 'A' && gradesOf(alerts, '1').at(-1) === 'C',
    );
    expect(failuresIn(shop)).toEqual([]);
  });

  it('answer a forged or a strange request as the node does', async () => {
    const { shop } = await deploy();
    const { 'receive-webhook': receive } = shop.functions;
    const ask = (path: string, body: string | Uint8Array, headers = {}) =>
      receive.invoke(functionUrlEvent(path, body, headers));
    const forged = { 'content-type': 'application/json', 'x-shop-signature': '00' };
    const answers = [
      await ask('/hooks/generic/shop', '{}', forged),
      await ask('/hooks/generic/unknown', '{}', forged),
      await ask('/nowhere', '{}'),
      await ask('/hooks/generic/shop', Buffer.from([0xff, 0xfe]), forged),
      await ask('/hooks/generic/shop', 'x'.repeat(300_000), forged),
      await receive.invoke({ neither: 'nor' }),
    ];
    const statuses = answers.map(
      (each) => each.outcome === 'answered' && (each.answer as { statusCode: number }).statusCode,
    );
    expect(statuses).toEqual([401, 401, 404, 401, 413, 400]);
  });

  it('read back at once what a CRM only hinted at, and what could not be read by the clock', async () => {
    const zoho = await startZohoStandIn({ client: zohoClient });
    onTestFinished(() => zoho.stop());
    const { shop, alerts, table } = await deploy({ zohoUrl: zoho.url });
    await shop.feed(['resolve-records', 'grade-customers', 'act-on-changes']);
    await zoho.put('Accounts', { id: '4001', Account_Name: 'Acme' });
    await zoho.put('Accounts', { id: '4002', Account_Name: 'Bolt' });
    const { 'receive-webhook': receive } = shop.functions;
    expect(await receive.invoke(zohoNotification('Accounts', ['4001']))).toMatchObject(ok);
    await until('an alert for the first', () => gradesOf(alerts, '4001').at(-1) === 'C');
    const { delivery } = linesOf(shop, 'receive-webhook').find(({ msg }) => msg === 'webhook') ?? {};
    expect(cameOf(shop, 'resolve-records', `${String(delivery)}/0`)).toEqual(['crm/Accounts/4001']);
    expect(cameOf(shop, 'resolve-records', 'crm/Accounts/4001')).toEqual([
      expect.stringMatching(/^crm\/Accounts\/4001@/),
    ]);

    // an instance elsewhere has the connection for itself: the clock reads what it did not
    const tokens = dynamoDbTokenStore({ client, table, tenant });
    await until('the lease', () => tokens.acquireLease('read-back/crm', 'elsewhere', Date.now(), 60_000));
    expect(await receive.invoke(zohoNotification('Accounts', ['4002']))).toMatchObject(ok);
    const records = dynamoDbRecordStore({ client, table });
    const waits = async () =>
      (await records.readAccounts(tenant)).some(({ connection, waiting }) => connection === 'crm' && waiting > 0);
    await until('a record that waits', waits);
    await tokens.acquireLease('read-back/crm', 'elsewhere', Date.now(), 0);
    expect(await shop.tick()).toEqual({ outcome: 'answered', answer: null });
    await until('an alert for the second', () => gradesOf(alerts, '4002').at(-1) === 'C');
    expect(failuresIn(shop)).toEqual([]);
    expect(zoho.mintedTokens()).toBe(1);
  });

  it('move what was spilled by the clock', async () => {
    const { shop, alerts, table } = await deploy();
    await shop.feed(['resolve-records', 'grade-customers', 'act-on-changes']);
    const { type: object, id, ...payload } = account('9');
    const hint = {
      object,
      id,
      payload: { id, ...payload },
      operation: 'upsert' as const,
      delivery: 'd-1',
      receivedAt: start,
    };
    const spill = dynamoDbSpill({ client, table, tenant, uuid: randomUUID });
    await spill.put([{ ...hint, tenant, connection: ConnectionId.parse('shop') }], Date.now() - 60_000);
    await shop.tick();
    await until('an alert of grade C', () => gradesOf(alerts, '9').at(-1) === 'C');
    expect([...(await spill.count())]).toEqual([]);
  });

  it('hold up one customer that cannot be written, nobody else, and keep its order', async () => {
    const { shop, alerts, proxy, table, read } = await deploy();
    proxy.refuse('PutItem', 'customer#default#account:shop:bad');
    await shop.feed(['resolve-records']);
    await shop.send([account('bad'), account('good')]);
    await shop.send([invoice('b1', 'bad', 150), invoice('g1', 'good', 150)]);
    // what comes in a later batch has to wait behind what is brought again: all of it comes in one
    await until('all events', async () => (await read(topics.events)).length === 4);
    await shop.feed(['grade-customers', 'act-on-changes'], { managed: false, windowMs: 50 });
    await until('an alert for the good one', () => gradesOf(alerts, 'good').at(-1) === 'B');
    expect(gradesOf(alerts, 'bad')).toEqual([]);
    expect(proxy.refused()).toBeGreaterThan(0);
    proxy.heal();
    await until('an alert for the bad one', () => gradesOf(alerts, 'bad').at(-1) === 'B');
    await shop.send([invoice('b2', 'bad', 5_000)]);
    await until('a second alert for the bad one', () => gradesOf(alerts, 'bad').at(-1) === 'A');
    const customers = dynamoDbCustomerStore({ client, table });
    const ledger = await customers.readLedger(tenant, CustomerId.parse('account:shop:bad'));
    expect(ledger.map(({ seq }) => seq)).toEqual(ledger.map((_, index) => index + 1));
    expect(gradesOf(alerts, 'bad')).toEqual([...new Set(gradesOf(alerts, 'bad'))]);
  });

  it('lose nothing where Lambda does not look at what they list', async () => {
    const { shop, alerts, proxy, table, read } = await deploy({ more: { FAILED_RECORDS: 'thrown' } });
    proxy.refuse('PutItem', 'customer#default#account:shop:bad');
    await shop.feed(['resolve-records']);
    await shop.send([account('bad'), account('good'), invoice('b1', 'bad', 150), invoice('g1', 'good', 150)]);
    await until('all events', async () => (await read(topics.events)).length === 4);
    const plain = { partialAnswers: false, windowMs: 50 };
    await shop.feed(['grade-customers', 'act-on-changes'], plain);
    await until('an alert for the good one', () => gradesOf(alerts, 'good').at(-1) === 'B');
    await until('a batch that came again', () => proxy.refused() > 1);
    expect(gradesOf(alerts, 'bad')).toEqual([]);
    proxy.heal();
    await until('an alert for the bad one', () => gradesOf(alerts, 'bad').at(-1) === 'B');
    // what was done already came again with the rest, and did nothing
    const customers = dynamoDbCustomerStore({ client, table });
    for (const customer of ['good', 'bad']) {
      const ledger = await customers.readLedger(tenant, CustomerId.parse(`account:shop:${customer}`));
      expect(ledger.map(({ seq }) => seq)).toEqual(ledger.map((_, index) => index + 1));
      expect(gradesOf(alerts, customer)).toEqual([...new Set(gradesOf(alerts, customer))]);
    }
    expect(new Set(alerts.heard.map(({ id }) => id)).size).toBe(alerts.heard.length);
  });

  it('hand over what stays impossible, with all that is needed to send it again', async () => {
    const { shop, proxy, folder: own, prefix, read } = await deploy();
    proxy.refuse('PutItem', 'customer#default#account:shop:bad');
    await shop.feed(['resolve-records']);
    await shop.send([account('bad'), account('good')]);
    await until('both events', async () => (await read(topics.events)).length === 2);
    const bad = (await read(topics.events)).find(({ key }) => key.endsWith('bad'))!;

    const objects = join(own, 'objects');
    const limited = { retryAttempts: 1 };
    await shop.feed(['grade-customers'], { ...limited, onFailure: { kind: 's3', folder: objects } });
    await until('an object', () => listed(objects).length === 1);
    const object = JSON.parse(readFileSync(join(objects, listed(objects)[0]!), 'utf8')) as HandedOver & {
      payload: string;
    };
    expect(object.requestContext).toMatchObject({ condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 });
    expect(recordsOf(JSON.parse(object.payload) as SentEvent)).toEqual([{ key: bad.key, value: bad.value }]);

    const onFailure = { kind: 'kafka', topic: `${prefix}${topics.dead}` } as const;
    await shop.feed(['grade-customers'], { ...limited, group: `${prefix}again`, onFailure });
    await until('a record', async () => (await read(topics.dead)).length === 1);
    const [letter] = await read(topics.dead);
    expect(letter?.key).toBe(bad.key);
    const record = JSON.parse(letter?.value ?? '') as HandedOver & { payload: SentEvent };
    expect(recordsOf(record.payload)).toEqual([{ key: bad.key, value: bad.value }]);
  });

  it('work on after they were frozen for longer than a request takes', async () => {
    const { shop, alerts } = await deploy();
    await shop.feed(['resolve-records', 'grade-customers', 'act-on-changes']);
    expect(await shop.send([account('1')])).toMatchObject(ok);
    await until('an alert of grade C', () => gradesOf(alerts, '1').at(-1) === 'C');
    await pause(6_500);
    expect(await shop.send([invoice('i1', '1', 5_000)])).toMatchObject(ok);
    await until('an alert of grade A', () => gradesOf(alerts, '1').at(-1) === 'A');
    expect(shop.functions['receive-webhook'].started()).toBe(1);
  });

  it('park what can never be read, and go on behind it', async () => {
    const { shop, alerts, prefix, read } = await deploy();
    const producer = shop.kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    const garbage = [null, '', 'not JSON', '{"a":', '[]', '{"specversion":"1.0"}', '[[[['.repeat(5_000)];
    const messages = [...garbage, Buffer.from([0xff, 0x00, 0xfe])].map((value, index) => ({
      key: index % 2 === 0 ? null : `k${index}`,
      value,
    }));
    for (const topic of [topics.webhooks, topics.events, topics.changes])
      await producer.send({ topic: `${prefix}${topic}`, messages });
    await producer.disconnect();
    const sources = await shop.feed(['resolve-records', 'grade-customers', 'act-on-changes'], { retryAttempts: 0 });
    await shop.send([account('1')]);
    await until('an alert of grade C', () => gradesOf(alerts, '1').at(-1) === 'C');
    await until(
      'letters of who talks to the brokers',
      async () => (await read(topics.dead)).length === 2 * messages.length,
    );
    // act-on-changes reaches none: its letters wait in the table, for the clock to bring them
    const stages = async () =>
      (await read(topics.dead)).map(({ value }) => (JSON.parse(value) as { data: { stage: string } }).data.stage);
    expect(await stages()).not.toContain('act-on-changes');
    expect(await shop.tick()).toEqual({ outcome: 'answered', answer: null });
    const relayed = (await stages()).filter((stage) => stage === 'act-on-changes');
    expect(relayed).toHaveLength(messages.length);
    await shop.tick();
    expect(await read(topics.dead)).toHaveLength(3 * messages.length);
    expect(sources.flatMap(({ dropped }) => dropped)).toEqual([]);
    expect(failuresIn(shop)).toEqual([]);
  });

  it('throw at no event, whatever it is', async () => {
    const { shop } = await deploy();
    const { 'receive-webhook': _, 'keep-time': keepTime, ...fed } = shop.functions;
    for (const event of [null, 'x', {}, { eventSource: 'aws:kafka', records: { 'a-0': [{ topic: 'a' }] } }]) {
      for (const each of Object.values(fed))
        expect(await each.invoke(event)).toEqual({ outcome: 'answered', answer: { batchItemFailures: [] } });
      expect(await keepTime.invoke(event)).toMatchObject({ outcome: 'answered' });
    }
  });
});

interface HandedOver {
  readonly requestContext: unknown;
}

interface SentEvent {
  readonly records: Readonly<Record<string, readonly { readonly key: string; readonly value: string }[]>>;
}

const recordsOf = ({ records }: SentEvent) =>
  Object.values(records)
    .flat()
    .map(({ key, value }) => ({
      key: Buffer.from(key, 'base64').toString('utf8'),
      value: Buffer.from(value, 'base64').toString('utf8'),
    }));

const listed = (path: string): readonly string[] => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};
