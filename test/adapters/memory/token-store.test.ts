import { memoryTokenStore } from '#shared/adapters/memory/token-store.ts';
import { tokenStoreContract } from '../../contract/token-store.ts';

tokenStoreContract('memory', async () => {
  const store = memoryTokenStore();
  return { store, another: async () => store, close: async () => undefined };
});
