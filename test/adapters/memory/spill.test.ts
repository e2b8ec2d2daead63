import { memorySpill } from '#shared/adapters/memory/spill.ts';
import { spillContract } from '../../contract/spill.ts';

spillContract('memory', async () => {
  const spill = memorySpill();
  return { spill, another: async () => spill, close: async () => undefined };
});
