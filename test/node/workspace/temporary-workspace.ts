import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Loading, type LoadOptions, loadWorkspace } from '../../../infra/node/workspace/load-workspace.ts';

const templates = fileURLToPath(new URL('../../../infra/cli/templates/en/', import.meta.url));

export interface TemporaryWorkspace {
  readonly folder: string;
  readonly file: string;
  /** Replaces a piece of a file that stands in it exactly once. */
  change(file: string, from: string, to: string): Promise<void>;
  write(file: string, text: string | Uint8Array): Promise<void>;
  load(options?: Partial<LoadOptions>): Promise<Loading>;
}

export const secrets = {
  SHOP_WEBHOOK_SECRET: 'a secret',
  ALERT_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
};

export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'regrade-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** A workspace as `init` writes it, in a folder of its own that goes with the test. */
export const temporaryWorkspace = async (): Promise<TemporaryWorkspace> => {
  const folder = await temporaryFolder();
  await cp(templates, folder, { recursive: true });
  const file = join(folder, 'regrade.yaml');
  const write = async (name: string, text: string | Uint8Array): Promise<void> => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  };
  return {
    folder,
    file,
    write,
    change: async (name, from, to) => {
      const parts = (await readFile(join(folder, name), 'utf8')).split(from);
      if (parts.length !== 2) throw new Error(`${from} stands ${parts.length - 1} times in ${name}`);
      await write(name, parts.join(to));
    },
    load: (options) => loadWorkspace(file, { environment: secrets, language: 'en', starting: false, ...options }),
  };
};
