import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Problem } from '../node/workspace/problem.ts';
import { prepareAssets } from './assets.ts';
import { planStage } from './plan-stage.ts';
import { addStacks } from './stacks-of-stage.ts';

/** What `cdk` runs: the stacks of the stage that `-c stage=<name>` says, or cdk.json. */
const app = new App();
const asked: unknown = app.node.tryGetContext('stage');
const planning = await planStage(typeof asked === 'string' ? asked : '');
if (planning.outcome === 'faulty') {
  process.stderr.write(planning.problems.map(linesOf).join(''));
  process.exit(1);
}
const { plan } = planning;
const outFolder = mkdtempSync(join(tmpdir(), 'regrade-assets-'));
try {
  addStacks(app, plan, await prepareAssets({ ...plan, outFolder }));
  app.synth();
} finally {
  rmSync(outFolder, { recursive: true });
}

/** Where and what, then what to do: terminals link `file:line:column`. */
function linesOf({ file, line, column, path, message, cure }: Problem): string {
  const first = `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}\n`;
  return cure === undefined ? first : `${first}    → ${cure}\n`;
}
