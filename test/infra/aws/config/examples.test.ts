import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { callsOf } from '#infra/aws/config/calls-of.ts';
import { intakeConcurrency } from '#infra/aws/config/intake-concurrency.ts';
import { type Placement, placementOf } from '#infra/aws/config/placement.ts';
import { readStage } from '#infra/aws/config/read-stage.ts';
import { refusalsOf } from '#infra/aws/config/refusals.ts';
import { fileSecretsOf } from '#infra/aws/config/secret-names.ts';
import type { Stage } from '#infra/aws/config/stage.ts';
import { billOf } from '#infra/aws/cost/bill-of.ts';
import { isBilledInDollars } from '#infra/aws/cost/price-list.ts';
import { type LoadedWorkspace, loadWorkspace } from '#infra/node/workspace/load-workspace.ts';
import { type FunctionName, functionNames } from '#shared/definitions/functions.ts';

const folder = fileURLToPath(new URL('../../../../infra/aws/config/', import.meta.url));
const trial = join(folder, 'trial.yaml');
const examples = readdirSync(join(folder, 'examples'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join(folder, 'examples', name));
const files = [trial, ...examples];

const reading = async (file: string): Promise<{ stage: Stage; workspaceFile: string; warnings: readonly string[] }> => {
  const read = await readStage(file);
  if (read.outcome === 'faulty') throw new Error(JSON.stringify(read.problems));
  return read;
};

const loading = async (file: string): Promise<LoadedWorkspace> => {
  const read = await loadWorkspace(file, { environment: {}, language: 'en', starting: false });
  if (read.outcome === 'faulty') throw new Error(JSON.stringify(read.problems));
  return read.loaded;
};

/** receive-webhook, resolve-records, grade-customers, rank-cohorts, act-on-changes, keep-time: where each stands, and the intake. */
const expected: Readonly<Record<string, readonly [...Placement[], number]>> = {
  trial: ['private', 'way-out', 'private', 'private', 'outside', 'way-out', 26],
  china: ['private', 'way-out', 'private', 'private', 'way-out', 'way-out', 26],
  'fixed-ip': ['outside', 'way-out', 'outside', 'outside', 'way-out', 'way-out', 100],
  govcloud: ['private', 'way-out', 'private', 'private', 'outside', 'way-out', 100],
  'kafka-mtls': ['private', 'way-out', 'private', 'private', 'outside', 'way-out', 100],
  'kafka-private-scram': ['private', 'way-out', 'private', 'private', 'outside', 'way-out', 100],
  'kafka-public': ['outside', 'outside', 'outside', 'outside', 'outside', 'outside', 100],
  'msk-express': ['private', 'way-out', 'private', 'private', 'outside', 'way-out', 100],
  'msk-iam': ['private', 'way-out', 'private', 'private', 'outside', 'way-out', 200],
  'msk-mtls': ['private', 'way-out', 'private', 'private', 'outside', 'way-out', 100],
  'msk-new': ['private', 'way-out', 'private', 'private', 'outside', 'way-out', 30],
  'msk-scram': ['private', 'way-out', 'private', 'private', 'way-out', 'way-out', 100],
  'msk-serverless': ['private', 'way-out', 'private', 'private', 'outside', 'way-out', 100],
  'own-keys': ['private', 'way-out', 'private', 'private', 'outside', 'way-out', 100],
  'plain-mode': ['outside', 'outside', 'outside', 'outside', 'outside', 'outside', 100],
};

/** Warnings that an example is there to show, by their keys; nothing else is warned of. */
const shown: Readonly<Record<string, readonly string[]>> = {
  trial: ['stream.instance', 'stream.topics.replicas', 'alarms'],
  china: ['mappings.mode', 'stream.instance', 'stream.topics.replicas', 'region'],
  'msk-new': ['stream.instance'],
  'plain-mode': ['mappings.mode'],
};

const named = files.map((file) => ({ name: basename(file, '.yaml'), file }));

describe('the example stages', () => {
  let workspace: LoadedWorkspace;

  beforeAll(async () => {
    workspace = await loading((await reading(trial)).workspaceFile);
  });

  it('are all expected somewhere', () => {
    expect(named.map(({ name }) => name).sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(named)(
    '$name reads clean, warns of nothing but what it shows, and deploys the example workspace',
    async ({ name, file }) => {
      const { stage, warnings, workspaceFile } = await reading(file);
      expect(refusalsOf(stage, callsOf(workspace.workspace))).toEqual([]);
      expect(warnings.map((sentence) => sentence.slice(0, sentence.indexOf(': ')))).toEqual(shown[name] ?? []);
      expect(workspaceFile).toBe(join(folder, 'examples/workspace/regrade.yaml'));
    },
  );

  it.each(named)('$name puts every function where it reaches what it needs', async ({ name, file }) => {
    const { stage } = await reading(file);
    const calls = callsOf(workspace.workspace);
    const placements = functionNames.map((each: FunctionName) => placementOf(each, stage, calls));
    expect([...placements, intakeConcurrency(stage)]).toEqual(expected[name]);
  });

  it.each(named)(
    '$name says in its header what the bill says of a month in which nothing happens',
    async ({ file }) => {
      const { stage } = await reading(file);
      const header = readFileSync(file, 'utf8').split('apiVersion:')[0]!;
      const told = /Idle: about \$(\d+) a month/.exec(header)?.[1];
      if (!isBilledInDollars(stage.region)) {
        expect(header).toContain('Billed in CNY');
        return;
      }
      const { idleUsd } = billOf({ stage, calls: callsOf(workspace.workspace), webhooksPerMonth: 0, customers: 0 });
      // the small change of alarms and metrics may move a little
      expect(Math.abs(Number(told) - idleUsd!)).toBeLessThan(5 + idleUsd! / 50);
    },
  );

  it('deploy a workspace without secrets in files, that calls a CRM and channels', () => {
    expect(fileSecretsOf(workspace.workspace)).toEqual([]);
    expect(callsOf(workspace.workspace)).toEqual({ crm: true, channels: true });
  });

  it('show every kind of stream, network, way out, entry, mapping and sign-in', async () => {
    const stages = await Promise.all(files.map(async (file) => (await reading(file)).stage));
    const seen = (of: (stage: Stage) => string | undefined): string[] =>
      [...new Set(stages.flatMap((stage) => of(stage) ?? []))].sort();
    expect(seen(({ stream }) => stream.kind)).toEqual(['kafka', 'msk', 'msk-provisioned', 'msk-serverless']);
    expect(seen(({ stream }) => (stream.kind === 'msk-provisioned' ? stream.type : undefined))).toEqual([
      'express',
      'standard',
    ]);
    expect(seen(({ stream }) => ('signIn' in stream ? `${stream.kind} ${stream.signIn.by}` : undefined))).toEqual([
      'kafka mtls',
      'kafka plain',
      'kafka scram-sha-256',
      'kafka scram-sha-512',
      'msk iam',
      'msk mtls',
      'msk scram-sha-512',
    ]);
    expect(seen(({ network }) => network.kind)).toEqual(['existing', 'new', 'none']);
    expect(seen(({ network }) => (network.kind === 'new' ? network.wayOut.kind : undefined))).toEqual([
      'fixed-ip',
      'nat',
    ]);
    expect(seen(({ entry }) => entry.kind)).toEqual(['function-url', 'http-api']);
    expect(seen(({ mappings }) => (mappings.mode === 'plain' ? 'plain' : mappings.onFailure))).toEqual([
      'bucket',
      'dead-topic',
      'plain',
    ]);
  });
});
