import { resolve } from 'node:path';
import { TenantId } from '../../../shared/domain/ids.ts';
import type { PipelineError } from '../../../shared/domain/pipeline-error.ts';
import type { Publishing } from '../../cli/publishing.ts';
import { openControl } from '../open-control.ts';
import { openEngine, storeFileOf } from '../open-engine.ts';
import { answerPublication } from '../publications.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { businessNowOf, openStoreFile } from './open-sqlite-reader.ts';

/** @throws {PipelineError} `STORE_UNAVAILABLE` when there is no store yet. */
export const openSqlitePublishing = async (loaded: LoadedWorkspace): Promise<Publishing> => {
  const db = openStoreFile(loaded);
  const now = businessNowOf(db);
  db.close();
  const control = await openControl(storeFileOf(folderOf(loaded)));
  if (control !== undefined)
    return { carriedBy: 'running', publish: control.publish, close: async () => control.close() };
  return intoStore(loaded, now);
};

const folderOf = ({ folder, workspace }: LoadedWorkspace): string => resolve(folder, workspace.data);

const intoStore = (loaded: LoadedWorkspace, now: number): Publishing => {
  let fatal: PipelineError | undefined;
  const tenant = TenantId.parse(loaded.workspace.tenant);
  const engine = openEngine({
    folder: folderOf(loaded),
    tenant,
    clock: { businessNow: () => now, wallNow: Date.now },
    onFatal: (error) => {
      fatal = error;
    },
  });
  return {
    carriedBy: 'next-start',
    publish: answerPublication({ tenant, registry: engine.registry, businessNow: () => now }),
    close: async () => {
      engine.close();
      if (fatal !== undefined) throw fatal;
    },
  };
};
