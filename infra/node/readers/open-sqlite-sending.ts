import { resolve } from 'node:path';
import { TenantId } from '../../../shared/domain/ids.ts';
import type { Instant } from '../../../shared/domain/instant.ts';
import type { PipelineError } from '../../../shared/domain/pipeline-error.ts';
import type { Sending } from '../../cli/dead-desk.ts';
import { openControl } from '../open-control.ts';
import { openEngine, storeFileOf } from '../open-engine.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';

/**
 * Through the node that runs on the store; where none does, into the store itself, which keeps a node from starting meanwhile.
 *
 * @throws {PipelineError} `STORE_IN_USE`, `STORE_UNAVAILABLE`.
 */
export const openSqliteSending = async (loaded: LoadedWorkspace, businessNow: () => Instant): Promise<Sending> =>
  (await throughNode(loaded)) ?? intoStore(loaded, businessNow);

const folderOf = ({ folder, workspace }: LoadedWorkspace): string => resolve(folder, workspace.data);

const throughNode = async (loaded: LoadedWorkspace): Promise<Sending | undefined> => {
  const stream = await openControl(storeFileOf(folderOf(loaded)));
  return stream === undefined ? undefined : { stream, waits: false, close: async () => stream.close() };
};

/** What is sent again by a node on a simulated clock happens in that clock's now. */
const intoStore = (loaded: LoadedWorkspace, businessNow: () => Instant): Sending => {
  let fatal: PipelineError | undefined;
  const engine = openEngine({
    folder: folderOf(loaded),
    tenant: TenantId.parse(loaded.workspace.tenant),
    clock: { businessNow, wallNow: Date.now },
    onFatal: (error) => {
      fatal = error;
    },
  });
  return {
    stream: engine.replay,
    waits: false,
    close: async () => {
      engine.close();
      if (fatal !== undefined) throw fatal;
    },
  };
};
