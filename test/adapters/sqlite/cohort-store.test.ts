import { cohortSchema, sqliteCohortStore } from '#shared/adapters/sqlite/cohort-store.ts';
import { cohortStoreContract } from '../../contract/cohort-store.ts';
import { openTemporary } from './open-temporary.ts';

cohortStoreContract('SQLite', async () => {
  const { db, remove } = openTemporary(cohortSchema);
  return { store: sqliteCohortStore(db), another: async () => sqliteCohortStore(db), close: async () => remove() };
});
