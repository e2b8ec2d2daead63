import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { DeployedNames } from '../../aws/config/engine-of-stage.ts';
import type { CliContext } from '../context.ts';
import type { OpenedStage } from './open-stage.ts';
import { stageTexts } from './stage-texts.ts';

/** What `cdk deploy --outputs-file` writes: outputs by stack. */
const Outputs = z.record(z.string(), z.record(z.string(), z.unknown()));
const DataOutputs = z.object({ TableName: z.string().exactOptional(), Brokers: z.string().exactOptional() });

/**
 * Where brokers and table of a stage are: as the deployment wrote them down, else as the stage file has them; what the environment
 * says goes before both later on. Undefined after it was told what is not known.
 */
export const deployedNames = async (
  context: CliContext,
  { name, stage: { stream } }: OpenedStage,
): Promise<DeployedNames | undefined> => {
  const { project, environment, language } = context;
  const file = join(project, 'cdk-outputs.json');
  const outputs = await readOutputs(file, `regrade-${name}-data`);
  if (outputs === 'unreadable') {
    context.err(`regrade: ${stageTexts[language].oddOutputs(file, name)}`);
    return undefined;
  }
  const said = outputs.Brokers?.split(',') ?? ('brokers' in stream ? stream.brokers : undefined);
  const brokers = said ?? (environment['KAFKA_BROKERS'] === undefined ? undefined : []);
  if (brokers === undefined) {
    context.err(`regrade: ${stageTexts[language].noBrokers(name, file)}`);
    return undefined;
  }
  return { brokers, table: outputs.TableName ?? `regrade-${name}` };
};

const readOutputs = async (file: string, stack: string): Promise<z.infer<typeof DataOutputs> | 'unreadable'> => {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    // nothing was deployed from here, or nobody asked for the file
    return {};
  }
  try {
    return DataOutputs.parse(Outputs.parse(JSON.parse(text))[stack] ?? {});
  } catch {
    // whatever it is, nobody but the deployment can write it right
    return 'unreadable';
  }
};
