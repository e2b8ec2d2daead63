import type { TenantId } from '../../../shared/domain/ids.ts';
import type { ModelPointer, ModelVersion } from '../../../shared/domain/model-pointer.ts';
import { compileModel } from '../../../shared/grading/compile-model.ts';
import type { CompiledGrader } from '../../../shared/grading/grader.ts';
import { Model } from '../../../shared/grading/model.ts';
import type { ModelRegistry } from '../../../shared/ports/model-registry.ts';
import type { LoadedModel } from '../workspace/load-workspace.ts';

export interface PublishedGraders {
  /** Those that grade; before the first start those of the files. */
  readonly live: readonly CompiledGrader[];
  /** Every version that ever did, and those of the files: what old entries are decided again by. */
  readonly all: readonly CompiledGrader[];
}

/** Undefined registry: a store from before models were published. */
export const publishedGraders = async (
  registry: ModelRegistry | undefined,
  tenant: TenantId,
  files: readonly LoadedModel[],
): Promise<PublishedGraders> => {
  const ofFiles = files.map(({ model, hash }) => compileModel(model, hash));
  const pointer = await registry?.readPointer(tenant);
  const versions = (await registry?.listVersions(tenant)) ?? [];
  const compiled = versions.flatMap((version) => compiledVersion(version, bornIn(version, pointer)));
  const live = pointer?.live.models.flatMap(({ hash }) => compiled.find(({ model }) => model.hash === hash) ?? []);
  return { live: live ?? ofFiles, all: [...compiled, ...ofFiles] };
};

const bornIn = ({ hash }: ModelVersion, pointer: ModelPointer | undefined): number =>
  pointer?.live.models.find((model) => model.hash === hash)?.born ?? 1;

/** None where another release wrote what this one cannot read: its entries are chained, and not decided again. */
const compiledVersion = ({ content, hash }: ModelVersion, born: number): readonly CompiledGrader[] => {
  const model = Model.safeParse(JSON.parse(content));
  return model.success ? [compileModel(model.data, hash, born)] : [];
};
