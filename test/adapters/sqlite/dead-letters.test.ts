import { describe, expect, it, onTestFinished } from 'vitest';
import { openForReading } from '#shared/adapters/sqlite/database.ts';
import { sqliteDeadLetters, sqliteReplay } from '#shared/adapters/sqlite/dead-letters.ts';
import { accountSchema, readAccounts } from '#shared/adapters/sqlite/record-accounts.ts';
import { recordSchema } from '#shared/adapters/sqlite/record-store.ts';
import { sqliteStream, streamSchema } from '#shared/adapters/sqlite/stream.ts';
import { topics } from '#shared/definitions/topics.ts';
import { TenantId } from '#shared/domain/ids.ts';
import { systemClock } from '#shared/runtime/clocks.ts';
import { deadLettersContract } from '../../contract/dead-letters.ts';
import { openTemporary } from './open-temporary.ts';

const tenant = TenantId.parse('default');
const open = () => {
  const { db, file, remove } = openTemporary([...streamSchema, ...accountSchema, ...recordSchema]);
  return { db, file, remove, replay: sqliteReplay(db, sqliteStream(db, systemClock), tenant) };
};

// read as a command does: through a connection of its own
deadLettersContract('SQLite', async () => {
  const { replay, file, remove } = open();
  const reading = openForReading(file);
  return {
    stream: replay,
    letters: sqliteDeadLetters(reading),
    close: async () => {
      reading.close();
      remove();
    },
  };
});

describe('sending again on SQLite', () => {
  it('counts a hint as received once more, since it will have a second outcome', async () => {
    const { db, replay, remove } = open();
    onTestFinished(() => remove());
    await replay.append(topics.webhooks, [
      { key: 'shop/invoice/1', value: '{}' },
      { key: 'shop/invoice/2', value: '{}' },
      { key: 'garbage', value: 'x' },
    ]);
    await replay.append(topics.events, [{ key: 'account:shop:1', value: '{}' }]);
    expect(readAccounts(db, tenant)).toMatchObject([{ connection: 'shop', received: 2, waiting: 2 }]);
  });

  it('is seen by readers of this process at once', async () => {
    const { db, remove } = openTemporary([...streamSchema, ...accountSchema]);
    const stream = sqliteStream(db, systemClock);
    const seen = new Promise<string>((resolve) => {
      void stream
        .subscribe({ topic: topics.webhooks, group: 'resolve-records', batchSize: 5 }, async ([first]) =>
          resolve(first?.value ?? ''),
        )
        .then((consumption) =>
          onTestFinished(async () => {
            await consumption.stop();
            remove();
          }),
        );
    });
    await sqliteReplay(db, stream, tenant).append(topics.webhooks, [{ key: 'shop/invoice/1', value: 'again' }]);
    expect(await seen).toBe('again');
  });
});
