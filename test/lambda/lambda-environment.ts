import { type ChildProcess, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRuntimeApi } from './runtime-api.ts';

/** What an invocation comes to. `failed`: the handler threw, or the function did not start. */
export type Invoked =
  | { readonly outcome: 'answered'; readonly answer: unknown }
  | { readonly outcome: 'failed'; readonly error: unknown }
  | { readonly outcome: 'timed-out' }
  | { readonly outcome: 'crashed' }
  /** More than 6 MB, in or out. */
  | { readonly outcome: 'too-large' };

export interface FunctionDefinition {
  readonly name: string;
  /** The bundle. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** One process of one function: works one event at a time and is frozen in between. */
export interface LambdaEnvironment {
  readonly pid: number;
  /** What it wrote, line by line. */
  readonly lines: readonly string[];
  /** False once the process has ended: what it is asked to do then has crashed. */
  alive(): boolean;
  invoke(event: unknown): Promise<Invoked>;
  stop(): Promise<void>;
}

const mostBytes = 6 * 1024 * 1024;
const bootstrap = fileURLToPath(new URL('bootstrap.mjs', import.meta.url));

/** Starts a fresh process. Resolves at once: an error of its start is the outcome of the first invocation. */
export const startEnvironment = async (definition: FunctionDefinition): Promise<LambdaEnvironment> => {
  let settle: ((invoked: Invoked) => void) | undefined;
  let current: string | undefined;
  let ready = (): void => undefined;
  let waits = new Promise<void>((resolve) => (ready = resolve));
  const end = (invoked: Invoked): void => {
    settle?.(invoked);
    settle = undefined;
    current = undefined;
  };
  let startFailure: unknown;
  const api = await startRuntimeApi({
    waits: () => {
      child.kill('SIGSTOP');
      ready();
    },
    initFailed: (error) => {
      startFailure = error;
      end({ outcome: 'failed', error });
    },
    answered: (id, body) => {
      if (id !== current) return;
      end(body.length > mostBytes ? { outcome: 'too-large' } : { outcome: 'answered', answer: JSON.parse(body) });
    },
    failed: (id, error) => {
      if (id === current) end({ outcome: 'failed', error });
    },
  });
  const child = spawn(process.execPath, [bootstrap, definition.file], {
    // as Lambda does: what a variable names relatively is beside the code
    cwd: dirname(definition.file),
    env: { PATH: process.env['PATH'], ...definition.environment, AWS_LAMBDA_RUNTIME_API: api.address },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = linesOf(child);
  let alive = true;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      alive = false;
      end(startFailure === undefined ? { outcome: 'crashed' } : { outcome: 'failed', error: startFailure });
      ready();
      resolve();
    });
  });
  return {
    pid: child.pid ?? 0,
    lines,
    alive: () => alive,
    invoke: async (event) => {
      const body = JSON.stringify(event);
      if (Buffer.byteLength(body) > mostBytes) return { outcome: 'too-large' };
      await waits;
      if (!alive)
        return startFailure === undefined ? { outcome: 'crashed' } : { outcome: 'failed', error: startFailure };
      waits = new Promise<void>((resolve) => (ready = resolve));
      const invoked = new Promise<Invoked>((resolve) => (settle = resolve));
      child.kill('SIGCONT');
      const timer = setTimeout(() => {
        end({ outcome: 'timed-out' });
        child.kill('SIGKILL');
      }, definition.timeoutMs);
      const deadlineMs = Date.now() + definition.timeoutMs;
      current = api.assign({ event: body, deadlineMs, arn: arnOf(definition.name) });
      return invoked.finally(() => clearTimeout(timer));
    },
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
      await api.close();
    },
  };
};

export const arnOf = (name: string): string => `arn:aws:lambda:eu-central-1:000000000000:function:${name}`;

const linesOf = (child: ChildProcess): string[] => {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const parts = `${rest}${text}`.split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
    });
  }
  return lines;
};
