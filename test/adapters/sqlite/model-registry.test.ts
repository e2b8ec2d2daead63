import { modelSchema, sqliteModelRegistry } from '#shared/adapters/sqlite/model-registry.ts';
import { modelRegistryContract } from '../../contract/model-registry.ts';
import { openTemporary } from './open-temporary.ts';

modelRegistryContract('SQLite', async () => {
  const { db, remove } = openTemporary(modelSchema);
  return {
    registry: sqliteModelRegistry(db),
    another: async () => sqliteModelRegistry(db),
    close: async () => remove(),
  };
});
