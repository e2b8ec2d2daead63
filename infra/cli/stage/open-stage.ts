import { readStage } from '../../aws/config/read-stage.ts';
import type { Stage } from '../../aws/config/stage.ts';
import { stageFileOf, stageNameOf } from '../../aws/config/stage-file.ts';
import type { CliContext } from '../context.ts';
import { printProblems } from '../print-problems.ts';

export interface OpenedStage {
  /** As its stacks are called: `regrade-<name>-…`. */
  readonly name: string;
  readonly stage: Stage;
  readonly workspaceFile: string;
}

/** The stage of this name, or of this file; nothing after its problems were told. */
export const openStage = async (
  { language, err }: Pick<CliContext, 'language' | 'err'>,
  nameOrFile: string,
): Promise<OpenedStage | undefined> => {
  const file = stageFileOf(nameOrFile);
  const read = await readStage(file, language);
  if (read.outcome === 'faulty') {
    err(printProblems(read.problems, language));
    return undefined;
  }
  return { name: stageNameOf(file), stage: read.stage, workspaceFile: read.workspaceFile };
};
