import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';

export interface RunningEngine {
  readonly address: string;
  readonly stop: () => Promise<void>;
  /** Ends it at once, without a chance to tidy up. */
  readonly kill: () => Promise<void>;
}

/** Runs to its end. @throws Error with what it wrote to stderr, when its exit code is not 0. */
export const runToEnd = (command: string, args: readonly string[], cwd: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const outputs = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (outputs.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (outputs.stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(outputs.stdout);
      else
        reject(
          new Error(
            `${command} ${args.at(-1) ?? ''} ended with ${code ?? 'a signal'}:\n${outputs.stderr}${outputs.stdout}`,
          ),
        );
    });
  });

/** A process that serves until it is stopped. */
export const startServer = async (
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly address: string; readonly answers: () => Promise<unknown> },
): Promise<RunningEngine> => {
  const child = spawn(command, args, { cwd: options.cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-10_000)));
  try {
    await untilAnswers(child, options.answers);
  } catch (cause) {
    await stopChild(child);
    throw new Error(`${options.address} did not come up:\n${stderr}`, { cause });
  }
  return { address: options.address, stop: () => stopChild(child), kill: () => stopChild(child, 'SIGKILL') };
};

const patienceMs = 45_000;

const untilAnswers = async (child: ChildProcess, answers: () => Promise<unknown>): Promise<void> => {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      await answers();
      return;
    } catch (cause) {
      if (child.exitCode !== null || performance.now() > deadline) throw cause;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
};

const stopChild = async (child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(impatience);
};

/** Free at this moment. An advertised listener needs its number before it listens. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

/** Runs the engines' tests; resolves to their exit code. */
export const spawnVitest = (environment: NodeJS.ProcessEnv, interrupted: AbortSignal): Promise<number> =>
  new Promise((resolve, reject) => {
    const args = [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config',
      'test/engines/vitest.config.ts',
      ...process.argv.slice(2),
    ];
    const child = spawn(process.execPath, args, { env: environment, stdio: 'inherit' });
    const end = (): boolean => child.kill('SIGTERM');
    if (interrupted.aborted) end();
    else interrupted.addEventListener('abort', end);
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
