import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../../infra/cli/regrade.mjs', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** On its standard input; nothing where it is absent. */
  readonly input?: string;
}

/** The real command in a process of its own, with nothing of our environment but the path. */
export const spawnRegrade = (args: readonly string[], { folder, environment = {} }: Surroundings) => {
  const env = { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...environment };
  return spawn(process.execPath, [launcher, ...args], { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
};

/** As {@link spawnRegrade}; resolves with all it wrote when it has ended. */
export const runRegrade = (args: readonly string[], surroundings: Surroundings): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawnRegrade(args, surroundings);
    child.stdin.end(surroundings.input ?? '');
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('error', reject).on('close', (code) => resolve({ code, out, err }));
  });
