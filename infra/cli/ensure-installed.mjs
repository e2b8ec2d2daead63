// Needs nothing but Node itself, and no syntax that an old Node cannot read: it is what tells people theirs is too old.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const leastNode = [20, 19];
const home = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A sentence about a Node that is too old for us; undefined for one that will do. */
export const nodeProblem = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  return enough
    ? undefined
    : `regrade needs Node ${leastNode.join('.')} or newer; this is ${version}. Install a newer one from https://nodejs.org and try again.`;
};

/** True when node_modules under `root` holds, in the right version, every package the lock file asks for on this machine. */
export const isInstalled = (root) => {
  const wanted = join(root, 'package-lock.json');
  const present = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(present)) return false;
  if (!existsSync(wanted) || statSync(present).mtimeMs >= statSync(wanted).mtimeMs) return true;
  // the lock file is newer, but a checkout also touches files that did not change: compare what they say
  const installed = readPackages(present);
  return Object.entries(readPackages(wanted)).every(
    ([path, entry]) =>
      path === '' || isLeftOut(entry) || (installed[path] !== undefined && installed[path].version === entry.version),
  );
};

/** Optional packages are for other machines; development packages are left out where npm is told to. */
const isLeftOut = (entry) =>
  entry.optional === true ||
  entry.devOptional === true ||
  (entry.dev === true && process.env.NODE_ENV === 'production');

const readPackages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};

/** Installs what is missing, saying so in one line. Ends the process with a plain sentence where that is impossible. */
export const ensureInstalled = (root = home) => {
  const problem = nodeProblem(process.versions.node);
  if (problem !== undefined) fail(problem);
  if (isInstalled(root)) return;
  process.stderr.write('regrade: installing the packages it needs (npm ci), once …\n');
  if (npm(root, 'ci') || npm(root, 'install')) return;
  fail(`The packages could not be installed. Run "npm install" in ${root} and read what it says.`);
};

/** npm's own output goes to stderr, so that a command's output stays clean. */
const npm = (cwd, command) => {
  const { status } = spawnSync('npm', [command, '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  return status === 0;
};

const fail = (sentence) => {
  process.stderr.write(`regrade: ${sentence}\n`);
  process.exit(1);
};

const isMain = process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url);
if (isMain) ensureInstalled();
