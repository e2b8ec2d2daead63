import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FunctionName, functionNames } from '../../shared/definitions/functions.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';
import { bundleFunction } from './bundle-functions.ts';
import { compileWorkspace } from './compile-workspace.ts';
import { workspaceFileName } from './compute/function-environment.ts';
import { engineOfStage } from './config/engine-of-stage.ts';
import type { Stage } from './config/stage.ts';

export interface AssetSettings {
  readonly stage: Pick<Stage, 'stream' | 'region' | 'alarms'>;
  readonly workspace: LoadedWorkspace;
  /** Each function gets a folder of its own in it, which is emptied before. */
  readonly outFolder: string;
}

/** What Lambda is given, by function: those of the pipeline, and who tells alarms where a channel is named for them. */
export type Assets = ReadonlyMap<FunctionName | 'tell-alarms', string>;

export const assetNamesOf = ({ alarms }: Pick<Stage, 'alarms'>): readonly (FunctionName | 'tell-alarms')[] =>
  alarms.channel === undefined ? functionNames : [...functionNames, 'tell-alarms'];

/** Bundles what a stage deploys, and puts the workspace as this stage has it beside each. */
export const prepareAssets = async (settings: AssetSettings): Promise<Assets> => {
  const names = assetNamesOf(settings.stage);
  await Promise.all(names.map((name) => bundleFunction(name, join(settings.outFolder, name))));
  return placeWorkspace(settings, names);
};

/** Writes the compiled workspace beside these bundles of a folder. Which brokers and which table, the functions' environment says. */
export const placeWorkspace = <Name extends string>(
  { stage, workspace, outFolder }: AssetSettings,
  names: readonly Name[],
): ReadonlyMap<Name, string> => {
  const engine = engineOfStage(stage, { brokers: [], table: 'regrade' });
  const compiled = compileWorkspace({ ...workspace, workspace: { ...workspace.workspace, engine } });
  return new Map(
    names.map((name) => {
      const folder = join(outFolder, name);
      writeFileSync(join(folder, workspaceFileName), compiled);
      return [name, folder];
    }),
  );
};
