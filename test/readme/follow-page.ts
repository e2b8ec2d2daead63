import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Block } from './markdown.ts';
import { openShell } from './shell-session.ts';

export interface Step {
  readonly block: Block;
  readonly written: string;
}

export interface PageSettings {
  readonly folder: string;
  /** POSIX locale of the reader. */
  readonly locale: string;
}

const launcher = fileURLToPath(new URL('../../infra/cli/regrade.mjs', import.meta.url));

/** Does what a page tells its reader to do, on ports that are free, waiting where a reader would. Returns what every step wrote. */
export const followPage = async (blocks: readonly Block[], { folder, locale }: PageSettings): Promise<Step[]> => {
  const [port, alertPort] = [await freePort(), await freePort()];
  const onFreePorts = (text: string): string =>
    text.replaceAll('8787', String(port)).replaceAll('9099', String(alertPort));
  const home = join(folder, 'home');
  const shell = openShell({ folder, scratch: home, environment: readersEnvironment(home, locale) });
  const steps: Step[] = [];
  for (const block of blocks) {
    const written = await shell.run(onFreePorts(block.text));
    steps.push({ block, written });
    if (block.text.includes('regrade init')) rewrite(join(folder, 'acme', 'regrade.yaml'), onFreePorts);
    else await Promise.all([settled(`http://127.0.0.1:${port}/health`), listening(alertPort)]);
  }
  return steps;
};

/** `npx` without npm's own second for every command: what it would start. */
const readersEnvironment = (home: string, locale: string): Record<string, string> => {
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'bin', 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${launcher}' "$@"\n`, {
    mode: 0o755,
  });
  return { HOME: home, PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}`, LANG: locale };
};

const rewrite = (file: string, change: (text: string) => string): void => {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(address !== null && typeof address === 'object' ? address.port : 0);
      });
    });
  });

interface Health {
  readonly behindMs: Readonly<Record<string, number>>;
  readonly deliveries: readonly { readonly status: string }[];
}

/** Until the node runs, and has nothing left to do. */
const settled = (url: string): Promise<void> =>
  until(async () => {
    const { behindMs, deliveries } = (await (await fetch(url)).json()) as Health;
    return Object.values(behindMs).every((ms) => ms === 0) && deliveries.every(({ status }) => status === 'delivered');
  }, url);

const listening = (port: number): Promise<void> =>
  until(
    () =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.destroy();
          resolve(true);
        }).on('error', reject);
      }),
    `port ${port}`,
  );

const tries = 600;

const until = async (holds: () => Promise<boolean>, what: string): Promise<void> => {
  for (let left = tries; left > 0; left -= 1) {
    // whoever does not answer yet is asked again
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not come to rest`);
};
