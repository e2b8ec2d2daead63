import { randomUUID } from 'node:crypto';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, it, vi } from 'vitest';
import type { Finding } from '#infra/cli/checkup.ts';
import { checkUp } from '#infra/node/checkup/check-up.ts';
import { dynamoDbCustomerStore } from '#shared/adapters/dynamodb/customers/customer-store.ts';
import { createTopics } from '#shared/adapters/kafka/create-topics.ts';
import { KafkaDynamoDbEngine } from '#shared/definitions/engine.ts';
import { topics } from '#shared/definitions/topics.ts';
import { TenantId } from '#shared/domain/ids.ts';
import { customerOf, stateOf } from '../contract/customer-states.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { shopWorkspace } from '../kit/shop-workspace.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { client, freshTable } from './dynamodb-table.ts';
import { engineAddress } from './engine-address.ts';

const brokers = engineAddress('KAFKA_BROKERS').split(',');
const freshPrefix = (): string => `d${randomUUID().slice(0, 8)}.`;

const findingsAt = async (table: string, prefix: string): Promise<ReadonlyMap<Finding['code'], readonly string[]>> => {
  const loaded = shopWorkspace({ folder: temporaryFolder() });
  const engine = KafkaDynamoDbEngine.parse({
    type: 'kafka-dynamodb',
    kafka: { brokers, prefix, partitions: 2, replicationFactor: 1 },
    dynamodb: { table, endpoint: engineAddress('DYNAMODB_ENDPOINT') },
  });
  const found = new Map<Finding['code'], readonly string[]>();
  for await (const { code, says } of await checkUp(loaded, engine)) found.set(code, says);
  return found;
};

describe('a look over Kafka and DynamoDB', () => {
  it('says what a table of somebody else lacks, and asks it nothing more', async () => {
    const table = `other-${randomUUID().slice(0, 8)}`;
    await client.send(
      new CreateTableCommand({
        TableName: table,
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    const found = await findingsAt(table, freshPrefix());
    expect(found.get('table:other')).toEqual([table, expect.stringMatching(/^KeySchema .*; index .*; TimeToLive /)]);
    expect([...found.keys()]).not.toContain('model:none');
  });

  it('says how much this machine’s clock is off, and what nobody took for ten minutes', async () => {
    const table = await freshTable();
    const at = Date.now();
    const waiting = [{ key: 'k', value: '{}', at }];
    const next = stateOf(customerOf('a'), { tenant: TenantId.parse('default'), due: at, pending: waiting });
    await dynamoDbCustomerStore({ client, table }).commitAll([{ next, entries: [] }]);
    const inTime = await findingsAt(table, freshPrefix());
    expect([...inTime.keys()]).toEqual(
      expect.arrayContaining(['table:fine', 'clock:fine', 'model:none', 'backlog:none']),
    );
    vi.useFakeTimers({ toFake: ['Date'], now: at + 3_600_000 });
    try {
      const late = await findingsAt(table, freshPrefix());
      expect(Number(late.get('clock:off')?.[0])).toBeGreaterThan(3_500);
      expect(late.get('backlog:stuck')).toEqual(['1', '1', '0']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('says which topics the senders stamp and not the log, before whatever else differs', async () => {
    const [table, prefix] = [await freshTable(), freshPrefix()];
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const stamped = [{ name: 'message.timestamp.type', value: 'CreateTime' }];
    await admin.createTopics({
      topics: [{ topic: `${prefix}${topics.events}`, numPartitions: 3, configEntries: stamped }],
    });
    await admin.disconnect();
    await createTopics(
      { brokers, prefix, clientId: 'test', log: quietLog() },
      { partitions: 2, replicationFactor: 1 },
    ).catch(() => undefined);
    const found = await findingsAt(table, prefix);
    expect(found.get('topics:unstamped')?.[0]).toContain(`${topics.events} message.timestamp.type CreateTime`);
    expect([...found.keys()]).toContain('groups:fine');
  });
});
