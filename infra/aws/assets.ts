import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FunctionName, functionNames } from '../../shared/definitions/functions.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';
import { bundleFunctions } from './bundle-functions.ts';
import { compileWorkspace } from './compile-workspace.ts';
import { workspaceFileName } from './compute/function-environment.ts';
import { engineOfStage } from './config/engine-of-stage.ts';
import type { Stage } from './config/stage.ts';

export interface AssetSettings {
  readonly stage: Pick<Stage, 'stream' | 'region'>;
  readonly workspace: LoadedWorkspace;
  /** Each function gets a folder of its own in it, which is emptied before. */
  readonly outFolder: string;
}

/** What Lambda is given, by function: the bundle, and beside it the workspace as this stage deploys it. */
export const prepareAssets = async (settings: AssetSettings): Promise<ReadonlyMap<FunctionName, string>> => {
  await bundleFunctions(settings.outFolder);
  return placeWorkspace(settings);
};

/** Writes the compiled workspace beside every bundle of a folder. Which brokers and which table, the functions' environment says. */
export const placeWorkspace = ({ stage, workspace, outFolder }: AssetSettings): ReadonlyMap<FunctionName, string> => {
  const engine = engineOfStage(stage, { brokers: [], table: 'regrade' });
  const compiled = compileWorkspace({ ...workspace, workspace: { ...workspace.workspace, engine } });
  return new Map(
    functionNames.map((name) => {
      const folder = join(outFolder, name);
      writeFileSync(join(folder, workspaceFileName), compiled);
      return [name, folder];
    }),
  );
};
