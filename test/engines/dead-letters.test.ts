import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDeadDesk } from '#infra/node/open-dead-desk.ts';
import { openReader } from '#infra/node/open-reader.ts';
import { startWorker } from '#infra/node/start-worker.ts';
import { createTopics } from '#shared/adapters/kafka/create-topics.ts';
import { kafkaDeadLetters } from '#shared/adapters/kafka/dead-letters.ts';
import { kafkaStream } from '#shared/adapters/kafka/stream.ts';
import { KafkaDynamoDbEngine } from '#shared/definitions/engine.ts';
import { functionNames } from '#shared/definitions/functions.ts';
import { topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { CustomerId, TenantId } from '#shared/domain/ids.ts';
import { systemClock } from '#shared/runtime/clocks.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { readDead } from '#shared/usecases/read-dead.ts';
import { replayDead } from '#shared/usecases/replay-dead.ts';
import { deadLettersContract } from '../contract/dead-letters.ts';
import { exhausted } from '../domain/aws-failures.ts';
import { all } from '../kit/dead-bench.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { sendShop, shopWorkspace, signShop } from '../kit/shop-workspace.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { freshTable } from './dynamodb-table.ts';
import { engineAddress } from './engine-address.ts';

const brokers = engineAddress('KAFKA_BROKERS').split(',');

const freshLog = async () => {
  const connection = {
    brokers,
    clientId: 'regrade-test',
    log: quietLog(),
    prefix: `dead-${randomUUID().slice(0, 8)}.`,
  };
  await createTopics(connection, { partitions: 2, replicationFactor: 1 });
  return connection;
};

deadLettersContract('Kafka', async () => {
  const connection = await freshLog();
  const stream = kafkaStream(connection);
  return { stream, letters: kafkaDeadLetters(connection), close: () => stream.close() };
});

const now = Date.now();
const customer = (id: string, more: object = {}) => ({
  type: 'customer',
  id,
  name: `Customer ${id}`,
  changedAt: now,
  ...more,
});
const invoice = (id: string, of: string) => ({
  type: 'invoice',
  id,
  customer: of,
  amount: '250',
  paidAt: now,
  changedAt: now,
});

/** Everything in one worker, on topics and a table of its own. */
const running = async () => {
  const { prefix } = await freshLog();
  const table = await freshTable();
  const engine = KafkaDynamoDbEngine.parse({
    type: 'kafka-dynamodb',
    kafka: { brokers, prefix },
    dynamodb: { table, endpoint: engineAddress('DYNAMODB_ENDPOINT') },
  });
  const shop = shopWorkspace({ folder: temporaryFolder() });
  const loaded = { ...shop, workspace: { ...shop.workspace, engine } };
  const worker = await startWorker(loaded, { functions: functionNames, engine, port: 0, log: quietLog() });
  onTestFinished(() => worker.stop());
  const reader = await openReader(loaded, engine);
  onTestFinished(() => reader.close());
  const desk = await openDeadDesk(loaded, engine);
  onTestFinished(() => desk.close());
  return { loaded, engine, worker, reader, desk, prefix };
};

const until = async (what: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + 25_000;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('it did not come to that');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

describe('looking at workers', { timeout: 60_000 }, () => {
  it('shows accounts, customers, grades and proofs from the table, and how far the groups are', async () => {
    const { worker, reader } = await running();
    const records = [customer('1'), customer('2', { name: 'Acme Ltd' }), invoice('i1', '2')];
    expect((await sendShop(worker.url, signShop(records))).status).toBe(200);
    await until(async () => {
      const { accounts, positions } = await reader.readStatus();
      return accounts[0]?.resolved === 3 && positions?.every(({ lag }) => lag === 0) === true;
    });
    expect(await reader.readStatus()).toMatchObject({
      customers: undefined,
      accounts: [{ connection: 'shop', received: 3, resolved: 3, waiting: 0 }],
      spilled: {},
      disabled: [],
    });
    const acme = CustomerId.parse('account:shop:2');
    const found = { found: [{ customer: acme, name: 'Acme Ltd' }], complete: true };
    expect(await reader.findCustomers(acme, 11)).toEqual(found);
    expect(await reader.findCustomers('acme', 11)).toEqual(found);
    expect(await reader.findCustomers('nobody', 11)).toEqual({ found: [], complete: true });
    expect(await reader.readCustomer(acme)).toMatchObject({ grades: [{ grade: 'B', score: 250 }] });
    const ledger = await reader.readLedger(acme);
    expect(await reader.verify(acme)).toEqual({ entries: ledger.length, erased: 0, undecided: 0, faults: [] });
    expect((await reader.listCustomers(undefined, 100)).customers.toSorted()).toEqual(['account:shop:1', acme]);
  });

  it('names the command that makes a table that is not there', async () => {
    const { loaded, engine } = await running();
    const elsewhere = { ...engine, dynamodb: { ...engine.dynamodb, table: 'no-such-table' } };
    await expect(openReader(loaded, elsewhere)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'there is no DynamoDB table no-such-table: run regrade setup',
    });
  });
});

describe('dead letters of workers', { timeout: 60_000 }, () => {
  it('are parked, listed beside those that AWS gave up, sent again and noted; accounts balance', async () => {
    const { desk, reader, prefix } = await running();
    const tenant = TenantId.parse('default');
    const sending = await desk.openSending();
    const hint = (id: string, offset: number) => ({
      ...{ tenant, connection: 'shop', object: 'customer', id, operation: 'upsert', delivery: `d${offset}` },
      receivedAt: now,
      payload: customer(id),
    });
    const eventOf = (data: unknown) => encodeCloudEvent({ id: 'e1', source: 's', type: 't', data }, now);
    // one that the stage parks: it is no hint; one that Lambda gave up
    await sending.stream.append(topics.webhooks, [{ key: 'shop/customer/1', value: eventOf({ odd: true }) }]);
    const lambda = {
      topic: `${prefix}regrade.webhooks`,
      partition: 1,
      offset: 999,
      key: 'shop/customer/9',
      value: eventOf(hint('9', 999)),
    };
    await sending.stream.append(topics.dead, [{ key: lambda.key, value: JSON.stringify(exhausted([lambda])) }]);
    const read = readDead({ dead: desk.letters, hash: hashing.sha256, prefix: desk.prefix });
    const listed = async () =>
      (await all(read({}))).map(({ letter, replays }) => [letter.reason, letter.attempts, replays]).toSorted();
    await until(async () => (await listed()).length === 2);
    expect(await listed()).toEqual([
      ['retries-exhausted', 1, 0],
      ['unreadable-hint', 1, 0],
    ]);

    const replay = replayDead({ tenant, stream: sending.stream, clock: systemClock, sleep: async () => undefined });
    expect(await replay(read({}), { rate: 50, again: false, force: false, dryRun: false })).toMatchObject({ sent: 2 });
    await until(async () => (await listed()).length === 3);
    expect(await listed()).toEqual([
      ['retries-exhausted', 1, 1],
      ['unreadable-hint', 1, 1],
      ['unreadable-hint', 2, 0],
    ]);
    await until(async () => (await reader.readCustomer(CustomerId.parse('account:shop:9'))) !== undefined);
    expect((await reader.readStatus()).accounts).toMatchObject([
      { connection: 'shop', received: 3, resolved: 1, dead: { 'unreadable-hint': 2 }, waiting: 0 },
    ]);
    await sending.close();
  });
});
