import { readStage } from '../../aws/config/read-stage.ts';
import type { Stage } from '../../aws/config/stage.ts';
import { stageFileOf, stageNameOf } from '../../aws/config/stage-file.ts';
import type { Finding, Problem } from '../../node/workspace/problem.ts';
import type { CliContext } from '../context.ts';
import { printProblems } from '../print-problems.ts';

export interface OpenedStage {
  /** As its stacks are called: `regrade-<name>-…`. */
  readonly name: string;
  readonly stage: Stage;
  readonly workspaceFile: string;
  /** What was found in it, at its line. */
  readonly place: (finding: Finding) => Problem;
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
  const { stage, workspaceFile, place } = read;
  return { name: stageNameOf(file), stage, workspaceFile, place };
};
