import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../../infra/node/workspace/load-model.ts';
import type { Model } from '../../../shared/grading/model.ts';
import { temporaryFolder } from '../../kit/temporary-folder.ts';
import { runFit, writeCsv } from './run-fit.ts';

/** Two factors; the percentile cannot be looked up before there is a population. */
const model = `# by spend and size
apiVersion: grading/v1
kind: GradingModel
id: mixed
version: 1
title: Mixed
subject: account
timezone: UTC
currency: GBP
scope: { when: { exists: { field: size } } }   # whose size is known
signals:
  spend:
    from: { events: [invoice.paid] }
    value: { path: amount }
    agg: sum
    window: { lifetime: true }
  size: { from: { attribute: size }, missing: { points: 0.5 } }
score:
  combine: weightedSum
  groups:
    all:
      factors:
        - { signal: spend, weight: 60, scale: { percentile: true } }
        - { signal: size, weight: 40, scale: { linear: { from: 0, to: 100 } } }
grades:
  - { id: A, label: Best }
  - { id: B, label: Rest }
cutoffs: { method: rank, upTo: { A: 0.2 } }
explain: { baseline: population }
# the end
`;

/** Forty customers: number i spends i and has size i; two more are out of scope. */
const rows = [
  ['customer', 'type', 'at', 'amount', 'attributes.size'],
  ...Array.from({ length: 40 }, (_, i) => [`c${i}`, 'invoice.paid', '2026-01-01', i, i]),
  ['x', 'invoice.paid', '2026-01-01', 1_000_000, ''],
  ['y', 'invoice.paid', '2026-01-01', 1_000_000, ''],
  ['c0', 'invoice.paid', '2026-02-01', 500, ''],
];

const open = async (): Promise<{ file: string; csv: string; read: () => Promise<Model> }> => {
  const folder = temporaryFolder();
  const file = join(folder, 'mixed.yaml');
  await writeFile(file, model);
  const read = async (): Promise<Model> => {
    const loading = await loadModel(file, 'en');
    if (loading.outcome === 'faulty') throw new Error(JSON.stringify(loading.problems));
    return loading.model.model;
  };
  return { file, csv: await writeCsv(folder, rows), read };
};

describe('fit population', () => {
  it('writes the snapshot that a percentile waits for, and leaves the rest of the file alone', async () => {
    const { file, csv, read } = await open();
    await expect(read()).rejects.toThrow('regrade fit population');
    const ran = await runFit(['population', '--facts', csv, '--model', file, '--as-of', '2026-01-15', '--write']);
    expect({ code: ran.code, err: ran.err }).toEqual({ code: 0, err: '' });
    const { population } = await read();
    expect(population).toMatchObject({
      asOf: '2026-01-15T23:59:59.999Z',
      customers: 40,
      // strictly below: 0/39 … 39/39; sizes 0 … 39 of 100
      means: { spend: 0.5, size: 0.195 },
    });
    expect(population?.quantiles['spend']).toEqual(Array.from({ length: 40 }, (_, i) => i));
    const written = await readFile(file, 'utf8');
    expect(written.startsWith(model.slice(0, model.indexOf('# the end')))).toBe(true);
    expect(written).toContain('\n# the end');
  });

  it('writes over an older snapshot in its place', async () => {
    const { file, csv, read } = await open();
    await runFit(['population', '--facts', csv, '--model', file, '--as-of', '2026-01-15', '--write']);
    const before = await readFile(file, 'utf8');
    const { out } = await runFit(['population', '--facts', csv, '--model', file, '--write']);
    expect(out).toMatch(/\n- +asOf: "2026-01-15/);
    expect((await read()).population).toMatchObject({ means: { spend: 0.5 }, asOf: '2026-02-01T00:00:00.000Z' });
    const after = await readFile(file, 'utf8');
    expect(after.split('population:\n')[0]).toBe(before.split('population:\n')[0]);
    expect((await read()).population?.quantiles['spend']?.at(-1)).toBe(500);
  });

  it('prints the section otherwise, and takes the mean of a single signal', async () => {
    const { csv } = await open();
    const pareto = fileURLToPath(new URL('../../../infra/cli/templates/examples/pareto.yaml', import.meta.url));
    const folder = temporaryFolder();
    const file = join(folder, 'pareto.yaml');
    await copyFile(pareto, file);
    await writeFile(file, (await readFile(file, 'utf8')).replace(/scope:\n.*\n/, ''));
    const before = await readFile(file, 'utf8');
    const args = ['population', '--facts', csv, '--model', file, '--as-of', '2026-01-15'];
    const { code, out } = await runFit(args);
    expect(code).toBe(0);
    // (0 + … + 39 + 2,000,000) / 42
    expect(out).toContain(
      '\npopulation:\n  asOf: "2026-01-15T15:59:59.999Z"\n  customers: 42\n  means: { revenue12m: 47637.619048 }\n',
    );
    expect(await readFile(file, 'utf8')).toBe(before);
    expect((await runFit(args, { language: 'zh' })).out).toContain('模型范围内 42 个客户的快照，2026-01-15 23:59:59');
  });

  it('refuses below 20 customers in scope, and without a model', async () => {
    const { file } = await open();
    const csv = await writeCsv(temporaryFolder(), rows.slice(0, 20));
    expect(await runFit(['population', '--facts', csv, '--model', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining("19 customers in the model's scope are too few for a snapshot") as string,
    });
    expect((await runFit(['population', '--facts', csv])).err).toContain('name its file with --model');
  });
});
