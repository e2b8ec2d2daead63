import { GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inboxKey, recordItemKey } from '#shared/adapters/dynamodb/records/record-key.ts';
import { dynamoDbRecordStore } from '#shared/adapters/dynamodb/records/record-store.ts';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';
import { table as definition } from '#shared/definitions/table.ts';
import { type RecordRef, recordKeyOf } from '#shared/domain/record.ts';
import type { RecordItem } from '#shared/domain/record-item.ts';
import type { RecordStore, ResolveCommit } from '#shared/ports/record-store.ts';
import { acme, firstInstant } from '../contract/customer-states.ts';
import {
  accountOf,
  itemOf,
  nothing,
  owing,
  refOf,
  resolved,
  thin,
  total,
  upTo,
  zoho,
} from '../contract/record-samples.ts';
import { recordStoreContract } from '../contract/record-store.ts';
import { faultyDynamoDb } from '../kit/faulty-dynamodb.ts';
import { client, freshTable } from './dynamodb-table.ts';
import { engineAddress } from './engine-address.ts';
import { tamperedClient, timedOut } from './tampered-client.ts';

recordStoreContract(
  'DynamoDB',
  async () => {
    const table = await freshTable();
    const open = () => dynamoDbRecordStore({ client, table });
    return { store: open(), receive: async () => undefined, another: async () => open(), close: async () => undefined };
  },
  { log: 'foreign' },
);

const keysOf = (ids: readonly string[]): readonly string[] => ids.map((id) => recordKeyOf(refOf(id)));
const named = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Text that nothing makes shorter: a linear congruential generator's bytes, seeded. */
const noise = (length: number): string => {
  let state = 7;
  const bytes = Uint8Array.from({ length: Math.ceil((length * 3) / 4) }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  return Buffer.from(bytes).toString('base64').slice(0, length);
};

/** Numbers in 0..1, the same in every run. */
const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const scan = async (table: string) => (await client.send(new ScanCommand({ TableName: table }))).Items ?? [];

describe('dynamoDbRecordStore', () => {
  it('counts and writes once what the old and the new owner of a partition commit at the same time', async () => {
    const table = await freshTable();
    const stores = [dynamoDbRecordStore({ client, table }), dynamoDbRecordStore({ client, table })] as const;
    for (let batch = 0; batch < 10; batch += 1) {
      const base = batch * 40;
      const fat = named(`fat-${batch}-`, 20);
      const slow = named('slow-', 20);
      const commit: ResolveCommit = {
        partition: 0,
        records: fat.map((id) => itemOf(id)),
        hints: fat.map((_, index) => resolved(base + index)),
        inbox: slow.map((id, index) => thin(id, base + 20 + index)),
        ...upTo(base + 39),
      };
      // the new owner's batches have other bounds
      const shorter = { ...commit, inbox: commit.inbox.slice(0, 7), ...upTo(base + 26) };
      const lost = await Promise.all([
        stores[0].commitResolved(acme, commit),
        stores[1].commitResolved(acme, shorter).then(() => stores[1].commitResolved(acme, commit)),
      ]);
      expect(lost).toEqual([[], []]);
    }
    expect(await accountOf(stores[0])).toMatchObject({ received: 400, resolved: 200, waiting: 200 });
    const waiting = await stores[1].findWaiting(acme, zoho, 1_000, 100);
    expect(waiting.map(({ hints, sequence }) => [hints, sequence])).toEqual(named('', 20).map(() => [10, 10]));
    expect((await scan(table)).filter(({ sk }) => sk?.S === 'RECORD')).toHaveLength(200);
  });

  it('counts and answers an inbox item once that two read back at the same time', async () => {
    const table = await freshTable();
    const stores = [dynamoDbRecordStore({ client, table }), dynamoDbRecordStore({ client, table })] as const;
    const ids = named('r', 200);
    const inbox = ids.map((id, index) => thin(id, index));
    await stores[0].commitResolved(acme, { ...nothing, inbox, ...upTo(199) });
    const answered = ids.map((id) => ({ record: refOf(id), sequence: 1, outcome: 'resolved' as const }));
    const further = ids.slice(50, 60).map((id, index) => thin(id, 200 + index));
    await Promise.all([
      stores[0].commitReadBack(acme, { records: [], answered }),
      stores[1].commitReadBack(acme, { records: [], answered }),
      stores[1].commitResolved(acme, { ...nothing, inbox: further, ...upTo(209) }),
    ]);
    const account = await accountOf(stores[0]);
    expect(account.received).toBe(210);
    expect(total(account)).toBe(210);
    expect(account.waiting).toBeGreaterThanOrEqual(10);
    const waiting = await stores[0].findWaiting(acme, zoho, 1_000, 100);
    expect(waiting.map(({ record }) => record.id).sort()).toEqual(ids.slice(50, 60).sort());
  });

  it('loses and doubles nothing on a table that throttles and swallows answers', { timeout: 90_000 }, async () => {
    const table = await freshTable();
    const faulty = connectDynamoDb({ endpoint: engineAddress('DYNAMODB_ENDPOINT') });
    onTestFinished(() => faulty.destroy());
    const faults = faultyDynamoDb(faulty, { rate: 0.25, random: seeded(3) });
    const store = dynamoDbRecordStore({ client: faulty, table });
    const again = async <T>(work: () => Promise<T>, isDone: (result: T) => boolean): Promise<void> => {
      for (let attempt = 0; attempt < 200; attempt += 1) {
        try {
          if (isDone(await work())) return;
        } catch (error) {
          expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
        }
      }
      expect.fail('it never got through');
    };
    for (let batch = 0; batch < 3; batch += 1) {
      const inbox = named('r', 15).map((id, index) => thin(id, batch * 20 + 5 + index));
      const fat = named(`f${batch}-`, 5);
      const records = fat.map((id) => itemOf(id, { pending: owing(firstInstant) }));
      const hints = fat.map((_, index) => resolved(batch * 20 + index));
      const commit = { partition: 3, records, hints, inbox, ...upTo(batch * 20 + 19) };
      await again(
        () => store.commitResolved(acme, commit),
        (lost) => lost.length === 0,
      );
      await again(
        () => store.markPublished(acme, records),
        () => true,
      );
      await again(
        async () => {
          const items = await store.findWaiting(acme, zoho, 1_000, 100);
          const answered = items.map(({ record, sequence }) => ({ record, sequence, outcome: 'resolved' as const }));
          await store.commitReadBack(acme, { records: [], answered });
          return items;
        },
        (items) => items.length === 0,
      );
    }
    const account = await accountOf(dynamoDbRecordStore({ client, table }));
    expect(account).toMatchObject({ received: 60, resolved: 60, coalesced: 0, waiting: 0 });
    expect(faults['timed-out-after']).toBeGreaterThan(3);
  });

  it('names the one record whose write fails, and writes the others', async () => {
    const table = await freshTable();
    const refuse = tamperedClient(async ({ command, input, send }) => {
      if (command !== 'BatchGetItemCommand' && input.includes('Accounts/bad')) throw timedOut();
      await send();
    });
    const store = dynamoDbRecordStore({ client: refuse, table });
    const batch: ResolveCommit = {
      ...nothing,
      records: [itemOf('good'), itemOf('bad-1')],
      hints: [resolved(0), resolved(1)],
      inbox: [thin('fine', 2), thin('bad-2', 3)],
      ...upTo(3),
    };
    expect([...(await store.commitResolved(acme, batch))].sort()).toEqual(keysOf(['bad-1', 'bad-2']));
    const healed = dynamoDbRecordStore({ client, table });
    expect([
      ...(
        await healed.findAll(
          acme,
          batch.records.map(({ record }) => record),
        )
      ).keys(),
    ]).toEqual(keysOf(['good']));
    expect(await healed.commitResolved(acme, batch)).toEqual([]);
    expect(await accountOf(healed)).toMatchObject({ received: 4, resolved: 2, waiting: 2 });
  });

  it('leaves the inbox item of a record that could not be written', async () => {
    const table = await freshTable();
    const refuse = tamperedClient(async ({ command, input, send }) => {
      if (command === 'PutItemCommand' && input.includes('Accounts/bad')) throw timedOut();
      await send();
    });
    const store = dynamoDbRecordStore({ client: refuse, table });
    await store.commitResolved(acme, { ...nothing, inbox: [thin('good', 0), thin('bad', 1)], ...upTo(1) });
    const answered = ['good', 'bad'].map((id) => ({ record: refOf(id), sequence: 1, outcome: 'resolved' as const }));
    const lost = await store.commitReadBack(acme, { records: [itemOf('good'), itemOf('bad')], answered });
    expect(lost).toEqual(keysOf(['bad']));
    expect((await store.findWaiting(acme, zoho, 1_000, 10)).map(({ record }) => record.id)).toEqual(['bad']);
    expect(await accountOf(store)).toMatchObject({ received: 2, resolved: 1, waiting: 1 });
  });

  it('counts an answer once whose transaction was carried out and not confirmed', async () => {
    const table = await freshTable();
    let swallowed = 0;
    const deaf = tamperedClient(async ({ command, send }) => {
      await send();
      if (command !== 'TransactWriteItemsCommand' || swallowed === 1) return;
      swallowed += 1;
      throw timedOut();
    });
    const store = dynamoDbRecordStore({ client: deaf, table });
    await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 0)], ...upTo(0) });
    const answered = [{ record: refOf('a'), sequence: 1, outcome: 'resolved' as const }];
    await store.commitReadBack(acme, { records: [itemOf('a')], answered });
    expect(swallowed).toBe(1);
    expect(await accountOf(store)).toMatchObject({ received: 1, resolved: 1, waiting: 0 });
  });

  it('takes a batch of 200 in one count, one write a record and two reads', async () => {
    const table = await freshTable();
    const commands = new Map<string, number>();
    const counting = tamperedClient(async ({ command, send }) => {
      commands.set(command, (commands.get(command) ?? 0) + 1);
      await send();
    });
    const store = dynamoDbRecordStore({ client: counting, table });
    await store.commitResolved(acme, { ...nothing, hints: [resolved(0)], ...upTo(0) });
    commands.clear();
    const fat = named('fat', 100);
    await store.commitResolved(acme, {
      partition: 0,
      records: fat.map((id) => itemOf(id, { pending: owing(firstInstant) })),
      hints: fat.map((_, index) => resolved(1 + index)),
      inbox: named('thin', 101).map((id, index) => thin(id, 101 + index)),
      ...upTo(201),
    });
    expect(Object.fromEntries(commands)).toEqual({
      UpdateItemCommand: 1 + 101,
      PutItemCommand: 100,
      BatchGetItemCommand: 2,
    });
  });

  it('keeps what a record owes beyond the size of an item, and takes it away once it is published', async () => {
    const table = await freshTable();
    const store = dynamoDbRecordStore({ client, table });
    const pending = named('k', 5).map((key) => ({ key, value: noise(70_000), at: firstInstant }));
    const large = itemOf('a', { pending: [...pending, { key: 'last', value: noise(200_000), at: firstInstant }] });
    const small = itemOf('b', { pending: owing(firstInstant) });
    await store.commitResolved(acme, { ...nothing, records: [large, small], ...upTo(1) });
    expect(await store.findAll(acme, [refOf('a'), refOf('b')])).toEqual(
      new Map([large, small].map((item) => [recordKeyOf(item.record), item])),
    );
    const sizes = (await scan(table)).map(({ bytes, pending: inline }) => bytes?.B?.length ?? inline?.B?.length ?? 0);
    expect(Math.max(...sizes)).toBeLessThan(100_000);
    expect(sizes.length).toBeGreaterThan(4);
    expect(await store.findUnpublished(acme, firstInstant + 1, 10)).toHaveLength(2);
    await store.markPublished(acme, [large, small]);
    expect(await store.findUnpublished(acme, firstInstant + 1, 10)).toEqual([]);
    expect((await scan(table)).map(({ sk }) => sk?.S)).toEqual(['RECORD', 'RECORD']);
  });

  it('reads a record again whose large pending list is published while it reads', async () => {
    const table = await freshTable();
    const writer = dynamoDbRecordStore({ client, table });
    const large = itemOf('a', { pending: [{ key: 'k', value: noise(200_000), at: firstInstant }] });
    await writer.commitResolved(acme, { ...nothing, records: [large], ...upTo(0) });
    const late = tamperedClient(async ({ input, send }) => {
      if (input.includes('PENDING#')) await writer.markPublished(acme, [large]);
      await send();
    });
    const found = await dynamoDbRecordStore({ client: late, table }).findAll(acme, [refOf('a')]);
    expect([...found.values()]).toEqual([{ ...large, pending: [] }]);
  });

  it('keeps records apart whatever their ids are made of', async () => {
    const store = dynamoDbRecordStore({ client, table: await freshTable() });
    const ids = ['a/b', 'a', 'half \ud83d', 'half \\ud83d', 'half \ufffd', '\\', '#1#', '客户', '__proto__'];
    const refs: RecordRef[] = ids.flatMap((id) => [
      { connection: zoho, object: 'Accounts', id },
      { connection: zoho, object: 'Custom/Objects', id },
    ]);
    const records = refs.map(
      (record, index): RecordItem => ({
        ...itemOf('x', { hash: `${index}`, pending: owing(index) }),
        record,
      }),
    );
    const inbox = refs.map((record, index) => ({ ...thin('x', index), record }));
    expect(await store.commitResolved(acme, { ...nothing, records, inbox, ...upTo(inbox.length) })).toEqual([]);
    expect(await store.findAll(acme, refs)).toEqual(new Map(records.map((item) => [recordKeyOf(item.record), item])));
    expect(await store.findUnpublished(acme, 1_000, 100)).toEqual(refs);
    const waiting = await store.findWaiting(acme, zoho, 1_000, 100);
    expect(waiting.map(({ record }) => record)).toEqual(refs);
    const answered = waiting.map(({ record, sequence }) => ({ record, sequence, outcome: 'resolved' as const }));
    await store.commitReadBack(acme, { records: [], answered });
    expect(await store.findWaiting(acme, zoho, 1_000, 100)).toEqual([]);
  });

  it('lets an answered inbox item go after eight days, unless it waits again', async () => {
    const table = await freshTable();
    const store = dynamoDbRecordStore({ client, table, wallNow: () => 1_000_000_500 });
    const stored = async () => {
      const Key = inboxKey(acme, recordKeyOf(refOf('a')));
      return (await client.send(new GetItemCommand({ TableName: table, Key }))).Item?.[definition.timeToLive]?.N;
    };
    await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 0)], ...upTo(0) });
    expect(await stored()).toBeUndefined();
    const answered = [{ record: refOf('a'), sequence: 1, outcome: 'resolved' as const }];
    await store.commitReadBack(acme, { records: [], answered });
    expect(await stored()).toBe(String(1_000_001 + 8 * 86_400));
    await store.postpone(acme, [refOf('a')], 5_000);
    expect(await store.findWaiting(acme, zoho, 9_000, 10)).toEqual([]);
    await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 1)], ...upTo(1) });
    expect(await stored()).toBeUndefined();
  });

  it('refuses stored items that it did not write', async () => {
    const table = await freshTable();
    const store = dynamoDbRecordStore({ client, table });
    const put = (item: Record<string, unknown>, key = recordItemKey(acme, recordKeyOf(refOf('a')))) =>
      client.send(new PutItemCommand({ TableName: table, Item: { ...key, ...(item as typeof key) } }));
    const corrupt = { code: 'STORE_CORRUPT', retryable: false };
    for (const item of [{}, { version: { N: '1' }, item: { B: Uint8Array.of(9, 9) } }, { version: { S: 'x' } }]) {
      await put(item);
      await expect(store.findAll(acme, [refOf('a')])).rejects.toMatchObject(corrupt);
    }
    await put({ sequence: { N: '1' }, taken: { S: '{}' } }, inboxKey(acme, recordKeyOf(refOf('b'))));
    const inbox: ResolveCommit = { ...nothing, inbox: [thin('b', 0)], ...upTo(0) };
    await expect(store.commitResolved(acme, inbox)).rejects.toMatchObject(corrupt);
  });

  it('says that the store is unavailable when nobody answers', async () => {
    const nobody = connectDynamoDb({ endpoint: 'http://127.0.0.1:1' });
    onTestFinished(() => nobody.destroy());
    const store: RecordStore = dynamoDbRecordStore({ client: nobody, table: 'none' });
    const unavailable = { code: 'STORE_UNAVAILABLE', retryable: true };
    await expect(store.findAll(acme, [refOf('a')])).rejects.toMatchObject(unavailable);
    const records = { ...nothing, records: [itemOf('a'), itemOf('b')], ...upTo(0) };
    await expect(store.commitResolved(acme, records)).rejects.toMatchObject(unavailable);
    await expect(store.readAccounts(acme)).rejects.toMatchObject(unavailable);
  });
});
