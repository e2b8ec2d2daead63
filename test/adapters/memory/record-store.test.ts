import { memoryRecordStore } from '#shared/adapters/memory/record-store.ts';
import { acme } from '../../contract/customer-states.ts';
import { recordStoreContract } from '../../contract/record-store.ts';

recordStoreContract(
  'memory',
  async () => {
    const store = memoryRecordStore();
    return {
      store,
      receive: async (hints) =>
        store.receive(
          acme,
          hints.map(({ connection }) => connection),
        ),
      another: async () => store,
      close: async () => undefined,
    };
  },
  { log: 'own' },
);
