import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { assetNamesOf, placeWorkspace } from '#infra/aws/assets.ts';
import { bundleFunction, bundleFunctions } from '#infra/aws/bundle-functions.ts';
import { knownStages, stageFileOf } from '#infra/aws/config/stage-file.ts';
import { planStage } from '#infra/aws/plan-stage.ts';
import { addStacks } from '#infra/aws/stacks-of-stage.ts';

/** Synthesises every stage of the repository on bundles that are made once, and has cfn-lint read the templates where it is installed. */
const began = Date.now();
const seconds = (): string => ((Date.now() - began) / 1_000).toFixed(0);
const folder = mkdtempSync(join(tmpdir(), 'regrade-variants-'));
const bundles = join(folder, 'bundles');
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

interface Synthesised {
  readonly file: string;
  readonly region: string;
}

/** Its templates; undefined where the stage cannot be deployed, which is told. */
const synthesise = async (named: string): Promise<readonly Synthesised[] | undefined> => {
  const planning = await planStage(named);
  if (planning.outcome === 'faulty') {
    for (const { path, message } of planning.problems) process.stdout.write(`${named}: ${path}: ${message}\n`);
    return undefined;
  }
  const { plan } = planning;
  const outFolder = join(folder, plan.stageName, 'assets');
  cpSync(bundles, outFolder, { recursive: true });
  // the very settings of `cdk synth`
  const app = new App({ context, outdir: join(folder, plan.stageName, 'out') });
  // what the stages of the repository are warned of is tested beside them
  addStacks(app, { ...plan, warnings: [] }, placeWorkspace({ ...plan, outFolder }, assetNamesOf(plan.stage)));
  try {
    return app.synth().stacks.map(({ templateFullPath: file }) => ({ file, region: plan.stage.region }));
  } catch (error) {
    process.stdout.write(`${named}: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
};

/** That a resource depends on its role goes without saying, and CDK says it; which zones there are is the stage's to say. */
const needless = ['W3005', 'W3010'];

/** Whether nothing was found, going by what there is in the region of each. */
const lint = async (templates: readonly Synthesised[]): Promise<boolean> => {
  if (spawnSync('cfn-lint', ['--version']).status !== 0) {
    process.stdout.write('cfn-lint is not installed: the templates were not read by it (pip install cfn-lint)\n');
    return true;
  }
  const regions = [...new Set(templates.map(({ region }) => region))];
  const codes = await Promise.all(
    regions.map((region) =>
      lintIn(
        region,
        templates.filter((template) => template.region === region),
      ),
    ),
  );
  return codes.every((code) => code === 0);
};

const lintIn = (region: string, templates: readonly Synthesised[]): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const settings = ['--regions', region, '--ignore-checks', ...needless];
    const child = spawn('cfn-lint', [...settings, '--', ...templates.map(({ file }) => file)], { stdio: 'inherit' });
    child.once('error', reject).once('exit', resolve);
  });

/** Those named, or all there are. */
const stagesAsked = (): readonly string[] => {
  const named = process.argv.slice(2);
  if (named.length > 0) return named;
  const examples = readdirSync(join(stageFileOf('trial'), '..', 'examples')).filter((file) => file.endsWith('.yaml'));
  return [...knownStages(), ...examples.map((file) => `examples/${file.replace('.yaml', '')}`)];
};

try {
  await Promise.all([bundleFunctions(bundles), bundleFunction('tell-alarms', join(bundles, 'tell-alarms'))]);
  const stages = stagesAsked();
  const templates: Synthesised[] = [];
  const failed: string[] = [];
  for (const named of stages) {
    const synthesised = await synthesise(named);
    templates.push(...(synthesised ?? []));
    if (synthesised === undefined) failed.push(named);
  }
  process.stdout.write(`${stages.length} stages, ${templates.length} templates in ${seconds()} s\n`);
  if (failed.length > 0) process.stdout.write(`cannot be synthesised: ${failed.join(', ')}\n`);
  const clean = await lint(templates);
  process.stdout.write(`synthesised and read in ${seconds()} s\n`);
  process.exitCode = clean && failed.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
