import { sqliteTokenStore, tokenSchema } from '#shared/adapters/sqlite/token-store.ts';
import { tokenStoreContract } from '../../contract/token-store.ts';
import { openTemporary } from './open-temporary.ts';

tokenStoreContract('SQLite', async () => {
  const { db, remove } = openTemporary(tokenSchema);
  return {
    store: sqliteTokenStore(db),
    another: async () => sqliteTokenStore(db),
    close: async () => remove(),
  };
});
