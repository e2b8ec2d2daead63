import { randomUUID } from 'node:crypto';
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dynamoDbSpill } from '#shared/adapters/dynamodb/spill.ts';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';
import { limits } from '#shared/definitions/limits.ts';
import { acme, other } from '../contract/customer-states.ts';
import { spillContract, spilledHints } from '../contract/spill.ts';
import { client, freshTable } from './dynamodb-table.ts';
import { tamperedClient, timedOut } from './tampered-client.ts';

spillContract('DynamoDB', async () => {
  const table = await freshTable();
  const open = () => dynamoDbSpill({ client, table, tenant: acme, uuid: randomUUID });
  return { spill: open(), another: async () => open(), close: async () => undefined };
});

const now = 1_760_000_000_000;
const scan = async (table: string) => (await client.send(new ScanCommand({ TableName: table }))).Items ?? [];

/** A payload that nothing makes much shorter. */
const noisy = (length: number) => {
  let state = 7;
  const bytes = Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  return { text: Buffer.from(bytes).toString('base64') };
};

describe('dynamoDbSpill', () => {
  it('holds no item over 100 KB, and leaves none behind', async () => {
    const table = await freshTable();
    const spill = dynamoDbSpill({ client, table, tenant: acme, uuid: randomUUID });
    await spill.put(spilledHints('large', 1, noisy(300_000)), now);
    const items = await scan(table);
    expect(items.length).toBeGreaterThan(3);
    for (const { bytes } of items) expect(bytes?.B?.length ?? 0).toBeLessThan(100_000);
    const [claimed] = await spill.claim(now, 1);
    expect(claimed?.hints).toEqual(spilledHints('large', 1, noisy(300_000)));
    await spill.remove([claimed?.id ?? '']);
    expect(await scan(table)).toEqual([]);
  });

  it('holds a delivery once whose put was carried out and not confirmed', async () => {
    let swallowed = 0;
    const deaf = tamperedClient(async ({ command, send }) => {
      await send();
      if (command !== 'TransactWriteItemsCommand' || swallowed === 1) return;
      swallowed += 1;
      throw timedOut();
    });
    const spill = dynamoDbSpill({ client: deaf, table: await freshTable(), tenant: acme, uuid: randomUUID });
    await spill.put(spilledHints('a', 3), now);
    expect(swallowed).toBe(1);
    expect(await spill.count()).toEqual(new Map([['zoho-eu', 3]]));
  });

  it('takes all of a delivery or nothing', async () => {
    const table = await freshTable();
    const dead = tamperedClient(async () => {
      throw timedOut();
    });
    const spill = dynamoDbSpill({ client: dead, table, tenant: acme, uuid: randomUUID });
    await expect(spill.put(spilledHints('large', 1, noisy(300_000)), now)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
    });
    expect(await scan(table)).toEqual([]);
  });

  it('refuses a delivery far beyond what an entrance takes', async () => {
    const spill = dynamoDbSpill({ client, table: 'none', tenant: acme, uuid: randomUUID });
    await expect(spill.put(spilledHints('huge', 1, noisy(4_000_000)), now)).rejects.toMatchObject({
      code: 'STORE_FULL',
      retryable: false,
    });
  });

  it('keeps tenants apart', async () => {
    const table = await freshTable();
    const [ours, theirs] = [acme, other].map((tenant) => dynamoDbSpill({ client, table, tenant, uuid: randomUUID }));
    await ours?.put(spilledHints('a'), now);
    expect(await theirs?.claim(now, 10)).toEqual([]);
    expect(await theirs?.count()).toEqual(new Map());
  });

  it('gives out the others beside a delivery that cannot be read; alone it is damage', async () => {
    const table = await freshTable();
    const spill = dynamoDbSpill({ client, table, tenant: acme, uuid: randomUUID });
    await spill.put(spilledHints('damaged'), now);
    const part = (await scan(table)).find(({ sk }) => sk?.S?.startsWith('PART#'));
    await client.send(new PutItemCommand({ TableName: table, Item: { ...part, bytes: { B: Uint8Array.of(9, 9) } } }));
    await spill.put(spilledHints('sound'), now + 1);
    const claimed = await spill.claim(now + 1, 10);
    expect(claimed.map(({ hints }) => hints[0]?.delivery)).toEqual(['sound']);
    await spill.remove(claimed.map(({ id }) => id));
    await expect(spill.claim(now + limits.spillClaimMs + 1, 10)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('says that the store is unavailable when nobody answers', async () => {
    const nobody = connectDynamoDb({ endpoint: 'http://127.0.0.1:1' });
    onTestFinished(() => nobody.destroy());
    const spill = dynamoDbSpill({ client: nobody, table: 'none', tenant: acme, uuid: randomUUID });
    const unavailable = { code: 'STORE_UNAVAILABLE', retryable: true };
    await expect(spill.claim(now, 1)).rejects.toMatchObject(unavailable);
    await expect(spill.count()).rejects.toMatchObject(unavailable);
  });
});
