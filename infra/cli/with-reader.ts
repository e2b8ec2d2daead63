import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';
import type { CliContext, ExitCode, GlobalOptions } from './context.ts';
import { engineAsked } from './engine-asked.ts';
import { openWorkspace } from './open-workspace.ts';
import type { NodeReader } from './reader.ts';

/** Opens what the workspace runs on for looking, runs the work, and closes it whatever happens. */
export const withReader = async (
  context: CliContext,
  options: GlobalOptions,
  work: (reader: NodeReader, loaded: LoadedWorkspace) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const loaded = await openWorkspace(context, { ...options, starting: false });
  if (loaded === undefined) return 1;
  const reader = await context.openReader(loaded, engineAsked(context, loaded, options));
  try {
    return await work(reader, loaded);
  } finally {
    reader.close();
  }
};
