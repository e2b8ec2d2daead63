import type { FunctionName } from '../../../shared/definitions/functions.ts';
import type { Holdings, OfStage, Site } from '../parts.ts';

/** What the functions of a stage are made from. */
export interface ComputeSettings extends OfStage {
  readonly site: Site;
  readonly holdings: Holdings;
  /** Folders with `index.mjs` and the compiled workspace, by function. */
  readonly assets: ReadonlyMap<string, string>;
}

/** One of them. */
export interface FunctionSettings extends ComputeSettings {
  readonly name: FunctionName;
}

/** What a function is called in AWS: figures, logs and commands find it by this name. At most 64 letters. */
export const functionNameOf = (stageName: string, name: FunctionName): string => `regrade-${stageName}-${name}`;
