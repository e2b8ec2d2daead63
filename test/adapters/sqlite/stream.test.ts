import { sqliteStream, streamSchema } from '#shared/adapters/sqlite/stream.ts';
import { systemClock } from '#shared/runtime/clocks.ts';
import { streamContract } from '../../contract/stream.ts';
import { openTemporary } from './open-temporary.ts';

streamContract(
  'SQLite',
  async () => {
    const { db, remove } = openTemporary(streamSchema);
    return {
      stream: sqliteStream(db, systemClock),
      another: async () => {
        db.flush();
        return sqliteStream(db, systemClock);
      },
      close: async () => remove(),
    };
  },
  { stamps: 'appender' },
);
