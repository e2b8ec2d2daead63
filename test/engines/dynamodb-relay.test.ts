import { randomUUID } from 'node:crypto';
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamoDbRelay } from '#shared/adapters/dynamodb/relay.ts';
import { limits } from '#shared/definitions/limits.ts';
import { topics } from '#shared/definitions/topics.ts';
import { acme, other } from '../contract/customer-states.ts';
import { relayContract, relayed } from '../contract/relay.ts';
import { client, freshTable } from './dynamodb-table.ts';

const open = (table: string, tenant = acme) => dynamoDbRelay({ client, table, tenant, uuid: randomUUID });

relayContract('DynamoDB', async () => {
  const table = await freshTable();
  return { relay: open(table), another: async () => open(table), close: async () => undefined };
});

const now = 1_760_000_000_000;

describe('dynamoDbRelay', () => {
  it('leaves nothing behind', async () => {
    const table = await freshTable();
    await open(table).put(topics.dead, relayed('1', '2'), now);
    await open(table).remove((await open(table).claim(now, 1)).map(({ id }) => id));
    expect((await client.send(new ScanCommand({ TableName: table }))).Items).toEqual([]);
  });

  it('keeps tenants apart', async () => {
    const table = await freshTable();
    await open(table).put(topics.dead, relayed('1'), now);
    expect(await open(table, other).claim(now, 10)).toEqual([]);
    expect(await open(table, other).count()).toEqual(new Map());
  });

  it('says once that a batch cannot be read, and then goes on behind it', async () => {
    const table = await freshTable();
    const relay = open(table);
    await relay.put(topics.dead, relayed('damaged'), now);
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
    const part = Items.find(({ sk }) => sk?.S?.startsWith('PART#'));
    await client.send(new PutItemCommand({ TableName: table, Item: { ...part, bytes: { B: Uint8Array.of(9, 9) } } }));
    await relay.put(topics.dead, relayed('sound'), now);
    await expect(relay.claim(now, 10)).rejects.toMatchObject({ code: 'STORE_CORRUPT', retryable: false });
    const later = await relay.claim(now + limits.relayClaimMs, 10);
    expect(later.map(({ records }) => records)).toEqual([relayed('sound')]);
    expect(await relay.count()).toEqual(new Map([[topics.dead, 2]]));
  });

  it('refuses a record far beyond what a topic takes', async () => {
    let state = 7;
    const noise = Uint8Array.from({ length: 4_000_000 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
    const huge = [{ key: 'k', value: Buffer.from(noise).toString('latin1') }];
    await expect(open('none').put(topics.dead, huge, now)).rejects.toMatchObject({
      code: 'STORE_FULL',
      retryable: false,
    });
  });
});
