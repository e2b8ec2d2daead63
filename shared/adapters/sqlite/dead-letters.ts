import { topics } from '../../definitions/topics.ts';
import { ConnectionId, type TenantId } from '../../domain/ids.ts';
import type { DeadLetters } from '../../ports/dead-letters.ts';
import type { Outgoing, Stream } from '../../ports/stream.ts';
import type { Database } from './database.ts';
import { countHints } from './record-accounts.ts';
import { readStreamFrom, type SqliteStream } from './stream.ts';

const pageSize = 256;

/** The dead letters of a file, through a connection that may be for reading only. */
export const sqliteDeadLetters = (db: Database): DeadLetters => ({
  read: async function* () {
    const row = db.prepare('SELECT max(first + records) AS next FROM stream_batches WHERE topic = ?').get(topics.dead);
    const end = Number(row?.['next'] ?? 0);
    let next = 0;
    while (next < end) {
      const page = readStreamFrom(db, topics.dead, next, Math.min(pageSize, end - next));
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      next = last.offset + 1;
    }
  },
});

/**
 * Appends what is sent again, on disk when it resolves. A hint counts as received once more: it was accounted for as dead, and
 * will have a second outcome.
 */
export const sqliteReplay = (db: Database, stream: SqliteStream, tenant: TenantId): Pick<Stream, 'append'> => {
  const count = countHints(db);
  return {
    append: async (topic, records) => {
      if (records.length === 0) return;
      const show = db.transaction(() => {
        if (topic === topics.webhooks)
          for (const connection of records.map(connectionOf))
            if (connection !== '') count(tenant, connection, 'received', '', 1);
        return stream.appendWithin(topic, records);
      });
      show();
    },
  };
};

/** As it is read off the key where the hint itself cannot be read: what was never counted in is not counted out. */
const connectionOf = ({ key }: Outgoing): string =>
  ConnectionId.safeParse(key.slice(0, Math.max(0, key.indexOf('/')))).data ?? '';
