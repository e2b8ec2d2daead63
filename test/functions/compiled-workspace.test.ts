import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compiledRates } from '#functions/ground/compiled-rates.ts';
import { CompiledWorkspace } from '#functions/ground/compiled-workspace.ts';
import { compileWorkspace } from '#infra/aws/compile-workspace.ts';
import { loadWorkspace } from '#infra/node/workspace/load-workspace.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import { fixtureRates, ratesFile } from '../kit/fixture-rates.ts';

const load = async (file: string) => {
  const loading = await loadWorkspace(file, { environment: {}, language: 'en', starting: false });
  if (loading.outcome === 'faulty') throw new Error(JSON.stringify(loading.problems));
  return loading.loaded;
};

describe('CompiledWorkspace', () => {
  it.each([
    'infra/demo/workspace/regrade.yaml',
    'infra/cli/templates/en/regrade.yaml',
    'infra/cli/templates/zh/regrade.yaml',
  ])('is everything that %s and its files say, in one text', async (file) => {
    const { workspace, models, playbooks } = await load(file);
    const compiled = CompiledWorkspace.parse(
      JSON.parse(compileWorkspace({ workspace, models, playbooks, folder: '' })),
    );
    expect(compiled.workspace).toEqual(workspace);
    expect(compiled.models).toEqual(models.map(({ model, hash }) => ({ model, hash })));
    expect(compiled.playbooks).toEqual(playbooks);
  });

  it('carries the rates along, and the functions read them as they were', async () => {
    const loaded = await load('infra/demo/workspace/regrade.yaml');
    const rates = { ...fixtureRates(3), csv: readFileSync(ratesFile, 'utf8') };
    const workspace = { ...loaded.workspace, rates: { file: 'rates.csv', maxAgeDays: 3 } };
    const compiled = CompiledWorkspace.parse(JSON.parse(compileWorkspace({ ...loaded, workspace, rates })));
    expect(compiledRates(compiled)).toEqual(fixtureRates(3));
    expect(() => compiledRates({ ...compiled, rates: 'Date,USD\n2026-04-07,x\n' })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('rates.csv:2:12') as string,
      }) as Error,
    );
    const { rates: _, ...without } = compiled;
    expect(() => compiledRates(without)).toThrow(PipelineError);
    expect(compiledRates({ ...compiled, workspace: loaded.workspace })).toBeUndefined();
  });

  it('refuses what was tampered with', async () => {
    const text = compileWorkspace(await load('infra/demo/workspace/regrade.yaml'));
    const compiled = JSON.parse(text) as { models: { hash: string }[] };
    expect(CompiledWorkspace.safeParse({ ...compiled, more: 1 }).success).toBe(false);
    expect(CompiledWorkspace.safeParse({ ...compiled, models: [] }).success).toBe(false);
    compiled.models[0]!.hash = 'abc';
    expect(CompiledWorkspace.safeParse(compiled).success).toBe(false);
  });
});
