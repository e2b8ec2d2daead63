import { spawnSync } from 'node:child_process';

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
}

/** Fewer modules than this means that the tool did not understand the tree: it is then green on nothing. */
const fewestModules = 150;

const { stdout, stderr } = spawnSync(
  process.execPath,
  [
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
    'shared',
    'functions',
    'infra',
  ],
  { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
);
if (stdout === '') {
  process.stderr.write(stderr);
  process.exit(1);
}
const { summary } = JSON.parse(stdout) as Cruise;
for (const { rule, from, to } of summary.violations) process.stdout.write(`${rule.name}: ${from} → ${to}\n`);
if (summary.totalCruised < fewestModules) process.stdout.write(`only ${summary.totalCruised} modules were looked at\n`);
process.stdout.write(`${summary.totalCruised} modules, ${summary.violations.length} violations\n`);
process.exit(summary.violations.length === 0 && summary.totalCruised >= fewestModules ? 0 : 1);
