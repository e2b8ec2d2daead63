import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** Everything that must be green, in the order in which a failure is cheapest to find. */
const folder = mkdtempSync(join(tmpdir(), 'regrade-check-'));
const report = (name: string): string => join(folder, `${name}.json`);
const reporters = (name: string): string[] => [
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report(name)}`,
];
const bin = (name: string): string => join('node_modules', '.bin', name);

const steps: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  types: [bin('tsc')],
  lint: [bin('eslint'), '.'],
  format: [bin('biome'), 'check', '.'],
  boundaries: [bin('tsx'), 'test/check/boundaries.ts'],
  unused: [bin('knip'), '--no-progress'],
  synth: [bin('tsx'), 'test/check/synth-variants.ts'],
  tests: [bin('vitest'), 'run', ...reporters('tests')],
  engines: [bin('tsx'), 'test/engines/run.ts', ...reporters('engines')],
};

const { values } = parseArgs({ options: { except: { type: 'string', multiple: true, default: [] } } });
const failed: string[] = [];
for (const [name, [command, ...args]] of Object.entries(steps)) {
  if (values.except.includes(name)) continue;
  process.stdout.write(`\n── ${name}\n`);
  const began = Date.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) failed.push(name);
  process.stdout.write(
    `── ${name}: ${status === 0 ? 'good' : 'FAILED'} in ${((Date.now() - began) / 1_000).toFixed(1)} s\n`,
  );
}

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

const countsOf = (name: string): Counts => {
  try {
    return JSON.parse(readFileSync(report(name), 'utf8')) as Counts;
  } catch {
    // the step was left out, or it ended before it could count
    return { numPassedTests: 0, numFailedTests: 0 };
  }
};
const counts = [countsOf('tests'), countsOf('engines')];
rmSync(folder, { recursive: true, force: true });
const passed = counts.reduce((sum, { numPassedTests }) => sum + numPassedTests, 0);
const tests = counts.reduce((sum, { numFailedTests }) => sum + numFailedTests, 0);
if (failed.length > 0) process.stdout.write(`\nFailed: ${failed.join(', ')}\n`);
// a step that fails without a failing test counts as one
process.stdout.write(`\n${passed} passed, ${Math.max(tests, failed.length)} failed\n`);
process.exit(failed.length === 0 ? 0 : 1);
