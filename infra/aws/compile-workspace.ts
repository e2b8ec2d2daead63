import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';

/** A loaded workspace as the one JSON file that the functions read at their start (`functions/ground/compiled-workspace.ts`). */
export const compileWorkspace = ({ workspace, models, playbooks, rates }: LoadedWorkspace): string =>
  JSON.stringify({
    workspace,
    models: models.map(({ model, hash }) => ({ model, hash })),
    playbooks,
    rates: rates?.csv,
  });
