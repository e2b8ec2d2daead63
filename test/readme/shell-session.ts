import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface ShellSession {
  /** Runs lines as if typed into one terminal after the other; resolves with what they wrote. The first failure ends the session. */
  run(lines: string): Promise<string>;
}

export interface ShellSettings {
  readonly folder: string;
  /** Where the lines to run are kept while they run. */
  readonly scratch: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A shell that goes with the test, and with it whatever it left running in the background. */
export const openShell = ({ folder, scratch, environment }: ShellSettings): ShellSession => {
  const shell = spawn('bash', ['--noprofile', '--norc', '-e'], {
    cwd: folder,
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    // a process group of its own, to be ended as one
    detached: true,
  });
  let heard = '';
  let listen: () => void = () => undefined;
  const hear = (text: string): void => {
    heard += text;
    listen();
  };
  shell.stdout.setEncoding('utf8').on('data', hear);
  shell.stderr.setEncoding('utf8').on('data', hear);
  const ended = once(shell, 'exit');
  onTestFinished(async () => {
    if (shell.pid !== undefined) endGroup(shell.pid);
    await ended;
  });
  let count = 0;
  return {
    run: async (lines) => {
      count += 1;
      const file = join(scratch, `lines-${count}.sh`);
      const done = `-- done ${count} --\n`;
      writeFileSync(file, lines);
      const before = heard.length;
      const answered = new Promise<void>((resolve) => {
        listen = () => {
          if (heard.includes(done, before)) resolve();
        };
      });
      shell.stdin.write(`. '${file}' < /dev/null\necho '${done.trim()}'\n`);
      await Promise.race([answered, ended]);
      const written = heard.slice(before);
      if (!written.includes(done)) throw new Error(`failed:\n${lines}\n${written}`);
      return written.replace(done, '');
    },
  };
};

/** The group outlives a shell that failed. */
const endGroup = (leader: number): void => {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};
