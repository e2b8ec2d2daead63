import type { TenantId } from '../domain/ids.ts';
import type { ModelPointer, ModelVersion } from '../domain/model-pointer.ts';

/** `taken`: that number of the model was published with another content, which `stored` tells. */
export type Registered =
  | { readonly outcome: 'registered' }
  | { readonly outcome: 'known'; readonly stored: ModelVersion }
  | { readonly outcome: 'taken'; readonly stored: ModelVersion };

/**
 * Every model that was ever published, and the pointer to those that grade. What was written is seen by whoever reads after.
 *
 * Every method may throw {@link PipelineError} `STORE_UNAVAILABLE`, retryable.
 */
export interface ModelRegistry {
  /** Keeps a version for ever. The same content again is `known` and stays as it was, with who published it first, and why. */
  register(tenant: TenantId, version: ModelVersion): Promise<Registered>;

  /** Those that are there, in no order. */
  findVersions(
    tenant: TenantId,
    versions: readonly Pick<ModelVersion, 'id' | 'version'>[],
  ): Promise<readonly ModelVersion[]>;

  /** All, by model and number. */
  listVersions(tenant: TenantId): Promise<readonly ModelVersion[]>;

  /** Undefined before the first start. */
  readPointer(tenant: TenantId): Promise<ModelPointer | undefined>;

  /** Puts a pointer over the revision before it (none before revision 1). False: another writer was first. */
  putPointer(tenant: TenantId, pointer: ModelPointer): Promise<boolean>;
}
