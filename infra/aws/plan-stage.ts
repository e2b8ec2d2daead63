import { fileReader } from '../node/workspace/file-reader.ts';
import { type LoadedWorkspace, loadWorkspace } from '../node/workspace/load-workspace.ts';
import type { Finding, Problem } from '../node/workspace/problem.ts';
import { wholeFile } from '../node/workspace/source-file.ts';
import { callsOf } from './config/calls-of.ts';
import type { Calls } from './config/placement.ts';
import { readStage } from './config/read-stage.ts';
import { refusalsWith } from './config/refusals.ts';
import { fileSecretsOf, secretNamesOf } from './config/secret-names.ts';
import { stageFileOf, stageNameOf } from './config/stage-file.ts';
import type { OfStage } from './parts.ts';

/** All that is decided before the first stack is made. */
export interface StagePlan extends OfStage {
  readonly workspace: LoadedWorkspace;
  readonly calls: Calls;
  /** Keys of the secrets that the workspace refers to, by purpose. */
  readonly secretNames: ReturnType<typeof secretNamesOf>;
  /** What works and has a price or a risk: one sentence each. */
  readonly warnings: readonly string[];
}

export type Planning =
  | { readonly outcome: 'planned'; readonly plan: StagePlan }
  | { readonly outcome: 'faulty'; readonly problems: readonly Problem[] };

/** Reads a stage, by its name or its path, and the workspace that it deploys; finds what cannot be deployed. Calls nothing on AWS. */
export const planStage = async (nameOrPath: string): Promise<Planning> => {
  const file = stageFileOf(nameOrPath);
  const read = await readStage(file);
  if (read.outcome === 'faulty') return read;
  const { stage, workspaceFile, warnings, place } = read;
  // secrets are not this machine's: whether they are there is seen by the functions
  const loading = await loadWorkspace(workspaceFile, { environment: undefined, language: 'en', starting: false });
  if (loading.outcome === 'faulty') return { outcome: 'faulty', problems: loading.problems.filter(isError) };
  const { loaded } = loading;
  const calls = callsOf(loaded.workspace);
  const problems = [
    ...refusalsWith(stage, loaded.workspace).map(place),
    ...(await placed(workspaceFile, fileSecretsOf(loaded.workspace))),
  ];
  if (problems.length > 0) return { outcome: 'faulty', problems };
  const secretNames = secretNamesOf(loaded.workspace);
  return {
    outcome: 'planned',
    plan: { stageName: stageNameOf(file), stage, workspace: loaded, calls, secretNames, warnings },
  };
};

const isError = ({ severity }: Problem): boolean => severity === 'error';

/** At their lines of a file that was read before. */
const placed = async (file: string, findings: readonly Finding[]): Promise<readonly Problem[]> => {
  if (findings.length === 0) return [];
  const source = await fileReader('en').read(file, (message) => wholeFile(file, message));
  return findings.map((finding) => source?.place(finding) ?? wholeFile(file, finding.message, finding.cure));
};
