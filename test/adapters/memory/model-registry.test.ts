import { memoryModelRegistry } from '#shared/adapters/memory/model-registry.ts';
import { modelRegistryContract } from '../../contract/model-registry.ts';

modelRegistryContract('memory', async () => {
  const registry = memoryModelRegistry();
  return { registry, another: async () => registry, close: async () => undefined };
});
