import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../infra/cli/main.ts';
import { openEngine } from '../../infra/node/open-engine.ts';
import { openPopulation } from '../../infra/node/open-population.ts';
import { openPublishing } from '../../infra/node/open-publishing.ts';
import { openReader } from '../../infra/node/open-reader.ts';
import { loadModel } from '../../infra/node/workspace/load-model.ts';
import { TenantId } from '../../shared/domain/ids.ts';
import type { Language } from '../../shared/domain/message.ts';
import { adoptFiles } from '../../shared/usecases/request-publication.ts';
import { handClock } from '../kit/hand-clock.ts';
import { type TemporaryWorkspace, temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext } from './fake-context.ts';
import { daysAgo, fillStore } from './fill-store.ts';
import { jsonOf } from './look-into.ts';

const tenant = TenantId.parse('default');
const modelFile = 'models/existing-abc.yaml';

/** A workspace that was started once, and beside it a copy of its model with A from 45,000. */
const started = async (): Promise<TemporaryWorkspace> => {
  const workspace = await temporaryWorkspace();
  await fillStore(workspace.file, [
    { id: 'big', grade: 'B', attributes: { name: 'Big Ltd' }, facts: [daysAgo(5, 48_000)] },
  ]);
  const model = await readFile(join(workspace.folder, modelFile), 'utf8');
  await workspace.write('new.yaml', model.replace('version: 1', 'version: 2').replace('A: 50000', 'A: 45000'));
  const loading = await loadModel(join(workspace.folder, modelFile), 'en');
  if (loading.outcome !== 'loaded') throw new Error('the template has a fault');
  const engine = openEngine({
    ...{ folder: resolve(workspace.folder, '.regrade'), tenant, clock: handClock(Date.UTC(2026, 0, 10)) },
    onFatal: () => undefined,
  });
  const asked = { at: Date.UTC(2026, 0, 10), by: 'start', why: 'first start', alerts: 'send' as const };
  await adoptFiles({ tenant, registry: engine.registry })([loading.model], asked);
  engine.close();
  return workspace;
};

const run = async ({ file }: TemporaryWorkspace, argv: readonly string[], language: Language = 'en') => {
  const terminal = fakeContext({ language, openReader, openPublishing, openPopulation });
  const code = await main([...argv, '--workspace', file], terminal.context);
  return { code, out: terminal.out, err: terminal.err };
};

describe('publish', () => {
  it('shows what would change, and publishes nothing without --yes', async () => {
    const workspace = await started();
    const { code, out, err } = await run(workspace, [
      'publish',
      '--model',
      join(workspace.folder, 'new.yaml'),
      '--why',
      'lower',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: 'Nothing was published. Say it again with --yes to publish.\n' });
    expect(out).toContain('existing-abc 2 would grade instead of 1\n');
    expect(out).toContain('on 1 customer');
    const { out: listed } = await run(workspace, ['models', '--json']);
    expect(jsonOf(listed)).toMatchObject({ coming: null, live: { epoch: 1, by: 'start' } });
  });

  it('begins to build it where no node runs, and tells who will carry it out', async () => {
    const workspace = await started();
    const argv = ['publish', '--model', join(workspace.folder, 'new.yaml'), '--why', 'lower', '--by', 'Ann', '--yes'];
    expect(await run(workspace, argv)).toEqual({
      code: 0,
      out: 'Epoch 2 is being built.\n',
      err: 'No node runs here: the next `regrade start` carries it out.\n',
    });
    const { out } = await run(workspace, ['models']);
    expect(out).toMatch(/existing-abc +1 +[0-9a-f]{12} .* start +first start +grades\n/);
    expect(out).toMatch(/existing-abc +2 +[0-9a-f]{12} .* Ann +lower +is being built\n/);
    expect(out).toContain('[1/5] epoch 2: waiting until every process knows of it\n');
    expect((await run(workspace, ['status'])).out).toContain('[1/5] epoch 2: waiting');
    const again = await run(workspace, argv);
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(again.err).toContain('Epoch 2 is being built already');
    expect(await run(workspace, ['rollback', '--why', 'no'])).toMatchObject({
      code: 0,
      out: 'Epoch 2 was given up before it graded anybody.\n',
    });
  });

  it('refuses an edited content under a published number, and says whose it is', async () => {
    const workspace = await started();
    await workspace.change(modelFile, 'A: 50000', 'A: 45000');
    const { code, err } = await run(workspace, ['publish', '--why', 'lower', '--yes']);
    expect(code).toBe(1);
    expect(err).toContain('version 1 of model existing-abc was published with another content by start');
    expect(err).toContain('raise `version`');
  });

  it('needs a reason, and tells what cannot be gone back to in the language asked for', async () => {
    const workspace = await started();
    expect((await run(workspace, ['publish', '--yes'])).code).toBe(2);
    expect(await run(workspace, ['rollback', '--why', '试'], 'zh')).toMatchObject({
      code: 1,
      err: 'regrade: 在此之前没有其他模型评级过\n',
    });
    expect((await run(workspace, ['rollback', '--to', '7', '--why', 'x'])).err).toContain('no such published version');
  });
});

describe('diff', () => {
  it('takes published versions by their number', async () => {
    const workspace = await started();
    const { code, out } = await run(workspace, ['diff', '1', join(workspace.folder, 'new.yaml')]);
    expect(code).toBe(0);
    expect(out).toContain('cutoffs.atLeast.A  50000 → 45000');
    expect(await run(workspace, ['diff', 'existing-abc@1', '1'])).toMatchObject({
      code: 0,
      out: 'The models say the same.\n',
    });
    expect((await run(workspace, ['diff', '1', '9'])).err).toContain('there is no published version 9');
  });
});
