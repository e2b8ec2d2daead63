import { type LoadedWorkspace, loadWorkspace } from '../node/workspace/load-workspace.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import { printProblems } from './print-problems.ts';

export interface OpenOptions extends GlobalOptions {
  /** A node that is about to start needs its secrets. */
  readonly starting: boolean;
}

/** The workspace, or nothing after its problems were told. Warnings are told before a start only. */
export const openWorkspace = async (
  context: CliContext,
  { workspace, starting }: OpenOptions,
): Promise<LoadedWorkspace | undefined> => {
  const { environment, language } = context;
  const loading = await loadWorkspace(workspace, { environment, language, starting });
  if (loading.outcome === 'faulty') {
    const errors = loading.problems.filter(({ severity }) => severity === 'error');
    context.err(printProblems(errors, language));
    return undefined;
  }
  if (starting) context.err(printProblems(loading.warnings, language));
  return loading.loaded;
};
