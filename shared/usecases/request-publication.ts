import type { ModelRef } from '../domain/change.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Epoch, ModelPointer, ModelVersion } from '../domain/model-pointer.ts';
import { type Begun, beginEpoch, firstPointer, giveUp, isSameList, type Wanted } from '../domain/publication.ts';
import type { ModelRegistry } from '../ports/model-registry.ts';
import type { KnownModel } from './models-in-force.ts';

export interface PublicationDeps {
  readonly tenant: TenantId;
  readonly registry: ModelRegistry;
}

/** Who asks, why, and what becomes of the alerts. */
export type Asked = Pick<Epoch, 'at' | 'by' | 'why' | 'alerts'>;

/** That number of a model is another content's for ever. */
export interface Taken {
  readonly outcome: 'taken';
  readonly stored: ModelVersion;
}

export type Requested = Begun | Taken | { readonly outcome: 'not-started' };

/**
 * Keeps models for ever and begins to build an epoch with them. `whole`: they are the list from then on; otherwise each takes the
 * place of the one of its id that grades now, or comes last. What is asked for twice is begun once.
 */
export const requestPublication =
  (deps: PublicationDeps) =>
  async (models: readonly KnownModel[], asked: Asked, { whole }: { readonly whole: boolean }): Promise<Requested> => {
    const taken = await registerAll(models, asked, deps);
    if (taken !== undefined) return taken;
    const refs = models.map(refOf);
    return begin(deps, (live) => ({ ...asked, models: whole ? refs : replaced(live, refs) }));
  };

export type RolledBack =
  | Begun
  | { readonly outcome: 'given-up'; readonly epoch: number }
  | { readonly outcome: 'unknown-version' | 'nothing-before' | 'which-model' | 'not-started' };

/** A version to go back to; without a model's id the only one that grades. */
export interface Target {
  readonly id?: string | undefined;
  readonly version: number;
}

/**
 * What is being built is given up; otherwise a new epoch is begun with the models of the one before, or with the version named. It is
 * built like any other: its cohorts are filled anew.
 */
export const requestRollback =
  (deps: PublicationDeps) =>
  async (asked: Asked, to: Target | undefined): Promise<RolledBack> => {
    const { tenant, registry } = deps;
    for (;;) {
      const pointer = await registry.readPointer(tenant);
      if (pointer === undefined) return { outcome: 'not-started' };
      const without = giveUp(pointer);
      if (pointer.coming === undefined || without === undefined) break;
      if (await registry.putPointer(tenant, without)) return { outcome: 'given-up', epoch: pointer.coming.epoch };
    }
    if (to !== undefined) return backToVersion(deps, asked, to);
    const before = (await registry.readPointer(tenant))?.past[0];
    if (before === undefined) return { outcome: 'nothing-before' };
    return begin(deps, () => ({ ...asked, models: before.models.map(plainRef) }));
  };

const backToVersion = async (deps: PublicationDeps, asked: Asked, to: Target): Promise<RolledBack> => {
  const live = (await deps.registry.readPointer(deps.tenant))?.live.models ?? [];
  const id = to.id ?? (live.length === 1 ? live[0]?.id : undefined);
  if (id === undefined) return { outcome: 'which-model' };
  const [found] = await deps.registry.findVersions(deps.tenant, [{ id, version: to.version }]);
  if (found === undefined) return { outcome: 'unknown-version' };
  return begin(deps, (now) => ({ ...asked, models: replaced(now, [plainRef(found)]) }));
};

/** What the models in the files of a workspace are to the published ones. */
export type Adopted =
  /** There were none: these grade from now on. */
  | { readonly outcome: 'first' }
  /** They grade, or are about to. */
  | { readonly outcome: 'same' }
  /** They did so before, and others took their place. */
  | { readonly outcome: 'older'; readonly epoch: number; readonly live: readonly ModelRef[] }
  /** They were never published. */
  | { readonly outcome: 'new' }
  | Taken;

/** Compares the files with what grades. At the very first start they are what grades from then on; otherwise nothing is changed. */
export const adoptFiles =
  (deps: PublicationDeps) =>
  async (files: readonly KnownModel[], asked: Asked): Promise<Adopted> => {
    const { tenant, registry } = deps;
    const refs = files.map(refOf);
    const pointer = await registry.readPointer(tenant);
    if (pointer !== undefined) return compared(pointer, refs);
    const taken = await registerAll(files, asked, deps);
    if (taken !== undefined) return taken;
    if (await registry.putPointer(tenant, firstPointer({ ...asked, models: refs }))) return { outcome: 'first' };
    return adoptFiles(deps)(files, asked);
  };

const compared = ({ live, coming, past }: ModelPointer, files: readonly ModelRef[]): Adopted => {
  if ([live, coming].some((epoch) => epoch !== undefined && isSameList(epoch.models, files)))
    return { outcome: 'same' };
  return past.some(({ models }) => isSameList(models, files))
    ? { outcome: 'older', epoch: live.epoch, live: live.models }
    : { outcome: 'new' };
};

const begin = async (
  { tenant, registry }: PublicationDeps,
  wantedOver: (live: readonly ModelRef[]) => Wanted,
): Promise<Begun | { readonly outcome: 'not-started' }> => {
  for (;;) {
    const pointer = await registry.readPointer(tenant);
    if (pointer === undefined) return { outcome: 'not-started' };
    const begun = beginEpoch(pointer, wantedOver(pointer.live.models.map(plainRef)));
    if (begun.outcome !== 'begun' || (await registry.putPointer(tenant, begun.pointer))) return begun;
  }
};

const registerAll = async (
  models: readonly KnownModel[],
  { at, by, why }: Asked,
  { tenant, registry }: PublicationDeps,
): Promise<Taken | undefined> => {
  for (const known of models) {
    const registered = await registry.register(tenant, {
      ...refOf(known),
      // as it was written: the order of tags and of cut-offs is the author's
      content: JSON.stringify(known.model),
      ...{ at, by, why },
    });
    if (registered.outcome === 'taken') return { outcome: 'taken', stored: registered.stored };
  }
  return undefined;
};

const replaced = (live: readonly ModelRef[], models: readonly ModelRef[]): readonly ModelRef[] => [
  ...live.map((each) => models.find(({ id }) => id === each.id) ?? each),
  ...models.filter(({ id }) => live.every((each) => each.id !== id)),
];

const refOf = ({ model, hash }: KnownModel): ModelRef => ({ id: model.id, version: model.version, hash });
const plainRef = ({ id, version, hash }: ModelRef): ModelRef => ({ id, version, hash });
