import { describe, expect, it, onTestFinished } from 'vitest';
import { sqliteIntake } from '#shared/adapters/sqlite/intake.ts';
import { accountSchema } from '#shared/adapters/sqlite/record-accounts.ts';
import { recordSchema, sqliteRecordStore } from '#shared/adapters/sqlite/record-store.ts';
import { sqliteStream, streamSchema } from '#shared/adapters/sqlite/stream.ts';
import { ConnectionId } from '#shared/domain/ids.ts';
import { unknownRecord } from '#shared/domain/record-item.ts';
import { systemClock } from '#shared/runtime/clocks.ts';
import { acme } from '../../contract/customer-states.ts';
import { recordStoreContract } from '../../contract/record-store.ts';
import { openTemporary } from './open-temporary.ts';

recordStoreContract(
  'SQLite',
  async () => {
    const { db, remove } = openTemporary([...streamSchema, ...accountSchema, ...recordSchema]);
    const intake = sqliteIntake(db, sqliteStream(db, systemClock));
    return {
      store: sqliteRecordStore(db),
      receive: intake.accept,
      another: async () => sqliteRecordStore(db),
      close: async () => remove(),
    };
  },
  { log: 'own' },
);

describe('records on one file', () => {
  it('that are not what the store writes are damage, and not worth a retry', async () => {
    const { db, remove } = openTemporary([...streamSchema, ...accountSchema, ...recordSchema]);
    onTestFinished(remove);
    const ref = { connection: ConnectionId.parse('erp'), object: 'o', id: '1' };
    const store = sqliteRecordStore(db);
    await store.commitResolved(acme, {
      partition: 0,
      upTo: 0,
      upToAt: 0,
      hints: [],
      inbox: [],
      records: [{ ...unknownRecord(acme, ref), itemVersion: 1 }],
    });
    db.prepare('UPDATE records SET item = \'{"customer":7}\'').run();
    await expect(store.findAll(acme, [ref])).rejects.toMatchObject({ code: 'STORE_CORRUPT', retryable: false });
  });
});
