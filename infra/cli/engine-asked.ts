import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import { engineOf } from './engine-of.ts';

/**
 * What a command looks into: the engine that was asked for, otherwise the workspace's. Undefined for the embedded one.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, naming the variable.
 */
export const engineAsked = (
  { environment }: Pick<CliContext, 'environment'>,
  { workspace }: LoadedWorkspace,
  { engine }: Pick<GlobalOptions, 'engine'>,
): KafkaDynamoDbEngine | undefined =>
  (engine ?? workspace.engine.type) === 'embedded' ? undefined : engineOf(workspace.engine, environment);
