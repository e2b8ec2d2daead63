import type { TenantId } from '../../../shared/domain/ids.ts';
import type { ModelRegistry } from '../../../shared/ports/model-registry.ts';
import type { Finding } from '../../cli/checkup.ts';
import type { LoadedModel } from '../workspace/load-workspace.ts';
import { finding } from './finding.ts';

/** What grades, and whether the files say the same. */
export const checkModels = async (
  registry: Pick<ModelRegistry, 'readPointer'>,
  tenant: TenantId,
  files: readonly LoadedModel[],
): Promise<Finding> => {
  const pointer = await registry.readPointer(tenant);
  if (pointer === undefined) return finding('model:none');
  const live = pointer.live.models.map(({ id, version }) => `${id} ${version}`).join(', ');
  const edited = files.filter(({ hash }) => pointer.live.models.every((model) => model.hash !== hash));
  if (edited.length === 0) return finding('model:fine', live);
  return finding('model:edited', live, edited.map(({ file }) => file).join(', '));
};
