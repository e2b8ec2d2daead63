import { type ChildProcess, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

export interface SpawnSettings {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What happens with its standard output: thrown away, or appended to an open file. */
  readonly stdout?: 'ignore' | number;
}

/** The processes of one run. Each is ended by its handle, whatever happens to the run. */
export interface Children {
  /** One of our own servers, through tsx. Resolves when it has said where it listens. */
  fork(script: string): Promise<{ readonly child: ChildProcess; readonly url: string }>;
  /** A process of Node, its standard error piped. */
  spawn(args: readonly string[], settings: SpawnSettings): ChildProcess;
  stop(child: ChildProcess): Promise<void>;
  stopAll(): Promise<void>;
}

export const createChildren = (): Children => {
  const running = new Set<ChildProcess>();
  const keep = (child: ChildProcess): ChildProcess => {
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  };
  // a run that dies on the way must not leave servers behind
  process.on('exit', () => {
    for (const child of running) child.kill('SIGKILL');
  });
  return {
    fork: async (script) => {
      const path = fileURLToPath(new URL(script, import.meta.url));
      const child = keep(fork(path, [], { execArgv: ['--import', 'tsx'] }));
      const url = await new Promise<string>((resolve, reject) => {
        child.once('message', (said) => resolve(said as string));
        child.once('exit', (code) => reject(new Error(`${script} ended with ${code ?? 'a signal'} before it ran`)));
      });
      return { child, url };
    },
    spawn: (args, { cwd, environment = {}, stdout = 'ignore' }) => {
      const env = { ...process.env, ...environment };
      return keep(spawn(process.execPath, args, { cwd, env, stdio: ['ignore', stdout, 'pipe'] }));
    },
    stop: stopChild,
    stopAll: async () => {
      await Promise.all([...running].map(stopChild));
    },
  };
};

const patienceMs = 10_000;

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await ended;
  clearTimeout(impatience);
};
