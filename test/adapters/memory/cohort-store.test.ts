import { memoryCohortStore } from '#shared/adapters/memory/cohort-store.ts';
import { cohortStoreContract } from '../../contract/cohort-store.ts';

cohortStoreContract('memory', async () => {
  const store = memoryCohortStore();
  return { store, another: async () => store, close: async () => undefined };
});
