import { describe, expect, it } from 'vitest';
import { CompiledWorkspace } from '#functions/ground/compiled-workspace.ts';
import { compileWorkspace } from '#infra/aws/compile-workspace.ts';
import { loadWorkspace } from '#infra/node/workspace/load-workspace.ts';

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

  it('refuses what was tampered with', async () => {
    const text = compileWorkspace(await load('infra/demo/workspace/regrade.yaml'));
    const compiled = JSON.parse(text) as { models: { hash: string }[] };
    expect(CompiledWorkspace.safeParse({ ...compiled, more: 1 }).success).toBe(false);
    expect(CompiledWorkspace.safeParse({ ...compiled, models: [] }).success).toBe(false);
    compiled.models[0]!.hash = 'abc';
    expect(CompiledWorkspace.safeParse(compiled).success).toBe(false);
  });
});
