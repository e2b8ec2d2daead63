import type { TenantId } from '../../domain/ids.ts';
import type { ModelPointer, ModelVersion } from '../../domain/model-pointer.ts';
import type { ModelRegistry } from '../../ports/model-registry.ts';

/** Models that live as long as the object: for tests, and for trying things out. */
export const memoryModelRegistry = (): ModelRegistry => {
  const versions = new Map<string, ModelVersion>();
  const pointers = new Map<TenantId, ModelPointer>();
  const keyOf = (tenant: TenantId, { id, version }: Pick<ModelVersion, 'id' | 'version'>): string =>
    `${tenant} ${id} ${version}`;
  return {
    register: async (tenant, version) => {
      const stored = versions.get(keyOf(tenant, version));
      if (stored !== undefined) return { outcome: stored.hash === version.hash ? 'known' : 'taken', stored };
      versions.set(keyOf(tenant, version), version);
      return { outcome: 'registered' };
    },
    findVersions: async (tenant, wanted) => wanted.flatMap((each) => versions.get(keyOf(tenant, each)) ?? []),
    listVersions: async (tenant) =>
      [...versions]
        .filter(([key]) => key.startsWith(`${tenant} `))
        .map(([, version]) => version)
        .sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)) || a.version - b.version),
    readPointer: async (tenant) => pointers.get(tenant),
    putPointer: async (tenant, pointer) => {
      if (pointer.revision !== (pointers.get(tenant)?.revision ?? 0) + 1) return false;
      pointers.set(tenant, pointer);
      return true;
    },
  };
};
