import { engineOfStage } from '../aws/config/engine-of-stage.ts';
import { type LoadedWorkspace, loadWorkspace } from '../node/workspace/load-workspace.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import { printProblems } from './print-problems.ts';
import { deployedNames } from './stage/deployed-names.ts';
import { openStage } from './stage/open-stage.ts';
import { stageSecrets } from './stage/stage-secrets.ts';
import { stageTexts } from './stage/stage-texts.ts';
import { stageTopics } from './stage/stage-topics.ts';

export interface OpenOptions extends GlobalOptions {
  /** A node that is about to start needs its secrets. */
  readonly starting: boolean;
}

/** The workspace, or nothing after its problems were told. Warnings are told before a start only. A stage's runs on the stage. */
export const openWorkspace = (context: CliContext, options: OpenOptions): Promise<LoadedWorkspace | undefined> =>
  options.stage === undefined ? load(context, options) : loadStage(context, options, options.stage);

const load = async (
  context: CliContext,
  { workspace, starting }: Pick<OpenOptions, 'workspace' | 'starting'>,
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

const loadStage = async (
  context: CliContext,
  { engine, starting }: OpenOptions,
  named: string,
): Promise<LoadedWorkspace | undefined> => {
  if (engine === 'embedded') {
    context.err(`regrade: ${stageTexts[context.language].notEmbedded}`);
    return undefined;
  }
  const opened = await openStage(context, named);
  const names = opened && (await deployedNames(context, opened));
  const loaded = opened && names && (await load(context, { workspace: opened.workspaceFile, starting }));
  return (
    loaded && {
      ...loaded,
      workspace: { ...loaded.workspace, engine: engineOfStage(opened.stage, names) },
      engineSecrets: stageSecrets(opened.stage),
      topics: stageTopics(opened.stage),
    }
  );
};
