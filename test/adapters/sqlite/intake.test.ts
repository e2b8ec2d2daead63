import { describe, expect, it, onTestFinished } from 'vitest';
import type { Database } from '#shared/adapters/sqlite/database.ts';
import { sqliteIntake } from '#shared/adapters/sqlite/intake.ts';
import { accountSchema } from '#shared/adapters/sqlite/record-accounts.ts';
import { recordSchema, sqliteRecordStore } from '#shared/adapters/sqlite/record-store.ts';
import { sqliteStream, streamSchema } from '#shared/adapters/sqlite/stream.ts';
import { groups, topics } from '#shared/definitions/topics.ts';
import { decodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { Hint } from '#shared/domain/hint.ts';
import { ConnectionId } from '#shared/domain/ids.ts';
import type { Received } from '#shared/ports/stream.ts';
import { handClock } from '../../kit/hand-clock.ts';
import { plantStart, shop, tenant } from '../../kit/plant.ts';
import { spying } from '../../kit/spying.ts';
import { openTemporary } from './open-temporary.ts';

const erp = ConnectionId.parse('erp');
const hintOf = (delivery: string, id: string, more: Partial<Hint> = {}): Hint => ({
  tenant,
  connection: shop,
  object: 'invoice',
  id,
  operation: 'upsert',
  delivery,
  receivedAt: plantStart,
  ...more,
});

const bench = (around: (db: Database) => Database = (db) => db) => {
  const { db, remove } = openTemporary([...streamSchema, ...accountSchema, ...recordSchema]);
  onTestFinished(remove);
  const stream = sqliteStream(db, handClock(plantStart));
  const intake = sqliteIntake(around(db), stream);
  const read = async (): Promise<readonly Received[]> => {
    const heard: Received[] = [];
    const reader = await stream.subscribe(
      { topic: topics.webhooks, group: groups.resolveRecords, batchSize: 100 },
      async (batch) => {
        heard.push(...batch);
      },
    );
    await new Promise((resolve) => setImmediate(resolve));
    await reader.stop();
    return heard;
  };
  return { db, intake, read, accounts: () => sqliteRecordStore(db).readAccounts(tenant) };
};

describe('intake on one file', () => {
  it('puts every hint on the stream, keyed by its record, at the instant of its arrival', async () => {
    const { intake, read } = bench();
    await intake.accept([hintOf('d1', '1'), hintOf('d1', '2', { receivedAt: plantStart - 5 })]);
    const heard = await read();
    expect(heard.map(({ key, at, offset }) => [key, at, offset])).toEqual([
      ['shop/invoice/1', plantStart, 0],
      ['shop/invoice/2', plantStart - 5, 1],
    ]);
    const events = heard.map(({ value }) => decodeCloudEvent(value, Hint));
    expect(events.map((event) => (event.ok ? [event.event.id, event.event.data.id] : event.reason))).toEqual([
      ['d1/0', '1'],
      ['d1/1', '2'],
    ]);
  });

  it('shares one synced commit among all that arrive together', async () => {
    const calls: string[] = [];
    const { intake, accounts, read } = bench((db) => spying('db', db, calls));
    await Promise.all([...Array(40).keys()].map((n) => intake.accept([hintOf(`d${n}`, '1')])));
    expect(calls.filter((call) => call === 'db.transaction')).toHaveLength(1);
    await intake.accept([hintOf('later', '1')]);
    expect(calls.filter((call) => call === 'db.transaction')).toHaveLength(2);
    expect(await accounts()).toMatchObject([{ received: 41, waiting: 41 }]);
    expect(await read()).toHaveLength(41);
  });

  it('counts what it took in by connection, in the same commit', async () => {
    const { intake, accounts } = bench();
    await intake.accept([hintOf('d', '1'), hintOf('d', '2'), hintOf('d', '3', { connection: erp })]);
    expect((await accounts()).map(({ connection, received, waiting }) => [connection, received, waiting])).toEqual([
      ['erp', 1, 1],
      ['shop', 2, 2],
    ]);
  });

  it('tells everybody of one commit that it failed, and has taken nothing of it', async () => {
    let full = true;
    const { intake, accounts, read } = bench((db) => ({
      ...db,
      transaction: (work, durability) =>
        db.transaction(() => {
          const result = work();
          if (full) throw new Error('the commit failed');
          return result;
        }, durability),
    }));
    const taken = await Promise.allSettled([intake.accept([hintOf('d1', '1')]), intake.accept([hintOf('d2', '2')])]);
    expect(taken.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await accounts()).toEqual([]);
    full = false;
    await intake.accept([hintOf('d1', '1')]);
    expect(await accounts()).toMatchObject([{ received: 1, waiting: 1 }]);
    const heard = await read();
    expect(heard.map(({ key }) => key)).toEqual(['shop/invoice/1']);
    // and each is delivered once, though the failed commit had numbered its records
    expect(await read()).toEqual([]);
  });

  it('knows the earliest arrival that is not on disk yet', async () => {
    const { intake } = bench();
    expect(intake.oldestWaiting()).toBeUndefined();
    const taken = Promise.all([
      intake.accept([hintOf('d', '1', { receivedAt: 50 })]),
      intake.accept([hintOf('e', '2', { receivedAt: 20 })]),
    ]);
    expect(intake.oldestWaiting()).toBe(20);
    await taken;
    expect(intake.oldestWaiting()).toBeUndefined();
  });
});
