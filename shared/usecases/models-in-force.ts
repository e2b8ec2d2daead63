import type { TenantId } from '../domain/ids.ts';
import type { Epoch, ModelInForce, ModelPointer, ModelVersion } from '../domain/model-pointer.ts';
import { PipelineError } from '../domain/pipeline-error.ts';
import { compileModel } from '../grading/compile-model.ts';
import type { CompiledGrader } from '../grading/grader.ts';
import type { InForce } from '../grading/in-force.ts';
import { Model } from '../grading/model.ts';
import type { ModelRegistry } from '../ports/model-registry.ts';

export interface KnownModel {
  readonly model: Model;
  readonly hash: string;
}

/** What is in force, with the models behind it. */
export interface LoadedInForce extends InForce {
  readonly graders: readonly CompiledGrader[];
  /** The models of `graders`, in the same order. */
  readonly models: readonly KnownModel[];
}

/**
 * What customers are graded by, as every stage asks for it.
 *
 * @throws {PipelineError} `STORE_UNAVAILABLE`, retryable.
 */
export interface InForceReader {
  /** At most as old as a pointer may be. */
  current(): Promise<InForce>;
  /** As it stands now. */
  reload(): Promise<InForce>;
}

export interface ModelsInForce extends InForceReader {
  current(): Promise<LoadedInForce>;
  reload(): Promise<LoadedInForce>;
  /** Every model that was in force or coming while this process ran: reasons for older changes are told in its words. */
  known(): readonly KnownModel[];
}

export interface ModelsInForceDeps {
  readonly tenant: TenantId;
  readonly registry: Pick<ModelRegistry, 'readPointer' | 'findVersions'>;
  readonly wallNow: () => number;
  /** How long a pointer that was read counts as the newest. Milliseconds. */
  readonly cacheMs: number;
}

/** Reads the pointer now and then and compiles each model once. */
export const modelsInForce = (deps: ModelsInForceDeps): ModelsInForce => {
  const compiled = compiledModels(deps);
  let held: { readonly inForce: Promise<LoadedInForce>; readonly until: number } | undefined;
  const reload = (): Promise<LoadedInForce> => {
    const inForce = readInForce(deps, compiled.of);
    const reading = { inForce, until: deps.wallNow() + deps.cacheMs };
    held = reading;
    // who asks next shall not be told of a failure that is over
    inForce.catch(() => {
      if (held === reading) held = undefined;
    });
    return inForce;
  };
  return {
    reload,
    current: () => (held === undefined || deps.wallNow() >= held.until ? reload() : held.inForce),
    known: compiled.all,
  };
};

interface Compiled extends KnownModel {
  readonly grader: CompiledGrader;
}

const readInForce = async (
  { tenant, registry }: ModelsInForceDeps,
  compile: (models: readonly ModelInForce[]) => Promise<readonly Compiled[]>,
): Promise<LoadedInForce> => {
  const pointer = await registry.readPointer(tenant);
  if (pointer === undefined)
    throw new PipelineError('STORE_UNAVAILABLE', 'no model is published yet: start a node or a worker first', {
      retryable: true,
    });
  const live = await compile(pointer.live.models);
  const coming = pointer.coming === undefined ? [] : await compile(newIn(pointer.coming, pointer.live));
  const building = coming.map(({ grader }) => grader).filter(({ ranks }) => ranks);
  return {
    epoch: pointer.live.epoch,
    newest: pointer.newest,
    cause: causeOf(pointer.live),
    isMoving: pointer.building?.phase === 'moving',
    graders: live.map(({ grader }) => grader),
    models: live.map(({ model, hash }) => ({ model, hash })),
    ...(pointer.coming === undefined || building.length === 0
      ? {}
      : { coming: { epoch: pointer.coming.epoch, graders: building, quiet: isQuiet(pointer) } }),
  };
};

const newIn = ({ models }: Epoch, live: Epoch): readonly ModelInForce[] =>
  models.filter(({ hash }) => live.models.every((other) => other.hash !== hash));

/** From `draining` on its cohorts speak up: when it comes to be live, everybody who ranks must know that they do. */
const isQuiet = ({ building }: ModelPointer): boolean =>
  building?.phase === 'waiting' || building?.phase === 'visiting';

const causeOf = ({ epoch, by, why, alerts }: Epoch): InForce['cause'] => ({ type: 'model', epoch, by, why, alerts });

/** By hash and epoch. */
const compiledModels = ({ tenant, registry }: ModelsInForceDeps) => {
  const known = new Map<string, Compiled>();
  const keyOf = ({ hash, born }: ModelInForce): string => `${hash} ${born}`;
  const load = async (wanted: readonly ModelInForce[]): Promise<void> => {
    const found = new Map((await registry.findVersions(tenant, wanted)).map((each) => [each.hash, each]));
    for (const each of wanted) {
      const model = readModel(each, found.get(each.hash));
      known.set(keyOf(each), { model, hash: each.hash, grader: compileModel(model, each.hash, each.born) });
    }
  };
  return {
    all: () => [...known.values()],
    of: async (models: readonly ModelInForce[]): Promise<readonly Compiled[]> => {
      const absent = models.filter((each) => !known.has(keyOf(each)));
      if (absent.length > 0) await load(absent);
      return models.flatMap((each) => known.get(keyOf(each)) ?? []);
    },
  };
};

const readModel = ({ id, version }: ModelInForce, stored: ModelVersion | undefined): Model => {
  const model = stored === undefined ? undefined : Model.safeParse(JSON.parse(stored.content));
  if (model?.success === true) return model.data;
  throw new PipelineError('STORE_CORRUPT', `version ${version} of model ${id} cannot be read from the store`, {
    retryable: false,
  });
};
