import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Workspace } from '../../../shared/definitions/workspace.ts';
import { Playbook } from '../../../shared/domain/playbook.ts';
import { Model } from '../../../shared/grading/model.ts';
import { writtenSchemaOf } from '../../node/workspace/known-keys.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';

export interface SchemaOptions extends GlobalOptions {
  /** Where to; by default `.regrade/schemas` beside the workspace file. */
  readonly out?: string;
}

/** Writes the JSON Schemas that let an editor complete and check the three kinds of file. */
export const schema = async (context: CliContext, { workspace, out }: SchemaOptions): Promise<ExitCode> => {
  const folder = out ?? join(dirname(workspace), schemaFolder);
  const files = await writeSchemas(folder);
  for (const file of files) context.out(`${file}\n`);
  return 0;
};

/** Where the files that `init` writes look for their schemas. */
export const schemaFolder = join('.regrade', 'schemas');

/** Returns the files written. */
export const writeSchemas = async (folder: string): Promise<readonly string[]> => {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const [name, { title, schema }] of Object.entries(kinds)) {
    const file = join(folder, `${name}.json`);
    await writeFile(file, `${JSON.stringify({ title, ...writtenSchemaOf(schema) }, null, 2)}\n`);
    files.push(file);
  }
  return files;
};

const kinds = {
  workspace: { title: 'Regrade workspace', schema: Workspace },
  model: { title: 'Regrade grading model', schema: Model },
  playbook: { title: 'Regrade playbook', schema: Playbook },
};
