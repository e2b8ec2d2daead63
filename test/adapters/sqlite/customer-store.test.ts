import { customerSchema, sqliteCustomerStore } from '#shared/adapters/sqlite/customer-store.ts';
import { customerStoreContract } from '../../contract/customer-store.ts';
import { openTemporary } from './open-temporary.ts';

customerStoreContract('SQLite', async () => {
  const { db, remove } = openTemporary(customerSchema);
  return {
    store: sqliteCustomerStore(db),
    another: async () => {
      db.flush();
      return sqliteCustomerStore(db);
    },
    close: async () => remove(),
  };
});
