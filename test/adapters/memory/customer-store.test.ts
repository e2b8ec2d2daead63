import { memoryCustomerStore } from '#shared/adapters/memory/customer-store.ts';
import { customerStoreContract } from '../../contract/customer-store.ts';

customerStoreContract('memory', async () => {
  const store = memoryCustomerStore();
  return { store, another: async () => store, close: async () => undefined };
});
