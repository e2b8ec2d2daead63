import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../node/workspace/temporary-workspace.ts';

const script = fileURLToPath(new URL('../../infra/cli/ensure-installed.mjs', import.meta.url));

const lock = (version: string): string =>
  JSON.stringify({
    packages: { '': {}, 'node_modules/a': { version }, 'node_modules/b': { version: '1.0.0', optional: true } },
  });

/** A project with the script in its place and an npm that only notes how it was called; `npm ci` fails where `ciFails`. */
const project = async (
  ciFails = false,
): Promise<{
  folder: string;
  run: (nodeVersion?: string) => { status: number | null; err: string; npm: Promise<string> };
}> => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'infra/cli'), { recursive: true });
  await mkdir(join(folder, 'bin'));
  await copyFile(script, join(folder, 'infra/cli/ensure-installed.mjs'));
  await writeFile(join(folder, 'package-lock.json'), lock('2.0.0'));
  await writeFile(
    join(folder, 'bin/npm'),
    `#!/bin/sh\necho "$1" >> calls\n[ "$1" = ci ] && exit ${ciFails ? 1 : 0}\nexit 0\n`,
  );
  await chmod(join(folder, 'bin/npm'), 0o755);
  const calls = join(folder, 'calls');
  await writeFile(calls, '');
  return {
    folder,
    run: (nodeVersion) => {
      const disguise = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:${JSON.stringify(nodeVersion)}}})`;
      const args = [
        ...(nodeVersion === undefined ? [] : ['--import', disguise]),
        join(folder, 'infra/cli/ensure-installed.mjs'),
      ];
      const { status, stderr } = spawnSync(process.execPath, args, {
        encoding: 'utf8',
        env: { PATH: `${join(folder, 'bin')}:/bin:/usr/bin` },
      });
      return { status, err: stderr, npm: readFile(calls, 'utf8') };
    },
  };
};

const install = async (folder: string, version: string, at: Date): Promise<void> => {
  const file = join(folder, 'node_modules/.package-lock.json');
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await writeFile(file, JSON.stringify({ packages: { 'node_modules/a': { version } } }));
  await utimes(file, at, at);
};

const longAgo = new Date('2020-01-01T00:00:00Z');

describe('ensure-installed', () => {
  it('installs what the lock file says where nothing is installed, and says so in one line', async () => {
    const { status, err, npm } = (await project()).run();
    expect({ status, err, npm: await npm }).toEqual({
      status: 0,
      err: 'regrade: installing the packages it needs (npm ci), once …\n',
      npm: 'ci\n',
    });
  });

  it('installs again when the lock file asks for another version', async () => {
    const { folder, run } = await project();
    await install(folder, '1.9.0', longAgo);
    expect(await run().npm).toBe('ci\n');
  });

  it('leaves what is installed alone when the lock file was merely touched', async () => {
    const { folder, run } = await project();
    await install(folder, '2.0.0', longAgo);
    const { status, err, npm } = run();
    expect({ status, err, npm: await npm }).toEqual({ status: 0, err: '', npm: '' });
  });

  it('tries an ordinary install where a clean one fails', async () => {
    const { status, npm } = (await project(true)).run();
    expect({ status, npm: await npm }).toEqual({ status: 0, npm: 'ci\ninstall\n' });
  });

  it.each(['18.20.4', '20.18.3'])('refuses Node %s in a plain sentence', async (version) => {
    const { status, err } = (await project()).run(version);
    expect(status).toBe(1);
    expect(err).toBe(
      `regrade: regrade needs Node 20.19 or newer; this is ${version}. Install a newer one from https://nodejs.org and try again.\n`,
    );
  });
});
