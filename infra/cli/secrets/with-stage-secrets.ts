import { loadWorkspace } from '../../node/workspace/load-workspace.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { printProblems } from '../print-problems.ts';
import type { SecretsDesk } from '../secrets-desk.ts';
import { openStage } from '../stage/open-stage.ts';
import { keptSecretsOf, type WantedSecret } from './kept-secrets.ts';
import { secretsTexts } from './secrets-texts.ts';

export interface StageSecrets {
  readonly desk: SecretsDesk;
  readonly wanted: readonly WantedSecret[];
}

/** Opens what a stage keeps secret, runs the work, and closes it whatever happens. Where brokers and table are does not matter. */
export const withStageSecrets = async (
  context: CliContext,
  { stage }: Pick<GlobalOptions, 'stage'>,
  work: (at: StageSecrets) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const { environment, language } = context;
  if (stage === undefined) {
    context.err(`regrade: ${secretsTexts[language].stageNeeded}`);
    return 2;
  }
  const opened = await openStage(context, stage);
  if (opened === undefined) return 1;
  const loading = await loadWorkspace(opened.workspaceFile, { environment, language, starting: false });
  if (loading.outcome === 'faulty') {
    context.err(printProblems(loading.problems, language));
    return 1;
  }
  const desk = await context.openSecrets(opened.stage.region);
  try {
    return await work({ desk, wanted: keptSecretsOf(opened.name, loading.loaded.workspace) });
  } finally {
    desk.close();
  }
};
