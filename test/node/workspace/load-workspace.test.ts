import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Loading, loadWorkspace } from '../../../infra/node/workspace/load-workspace.ts';
import type { Problem } from '../../../infra/node/workspace/problem.ts';
import { canonicalJson } from '../../../shared/domain/json.ts';
import { mistakes } from './mistakes.ts';
import { temporaryFolder, temporaryWorkspace } from './temporary-workspace.ts';

const problemsOf = (loading: Loading): readonly Problem[] =>
  loading.outcome === 'faulty' ? loading.problems : loading.warnings;

const model = 'models/existing-abc.yaml';
const playbook = 'playbooks/default.yaml';
const root = 'regrade.yaml';

describe('loadWorkspace', () => {
  it('loads the models, playbooks and settings of a workspace without a mistake', async () => {
    const workspace = await temporaryWorkspace();
    const loading = await workspace.load();
    expect(loading).toMatchObject({
      outcome: 'loaded',
      warnings: [],
      loaded: {
        folder: workspace.folder,
        workspace: { tenant: 'default', timezone: 'Europe/London' },
        models: [{ file: join(workspace.folder, model), model: { id: 'existing-abc' } }],
        playbooks: [{ id: 'default' }],
      },
    });
  });

  it('gives a model the hash of what it says, whatever its comments and spacing', async () => {
    const workspace = await temporaryWorkspace();
    const hashOf = async (): Promise<string> => {
      const loading = await workspace.load();
      if (loading.outcome === 'faulty') throw new Error('faulty');
      const [first] = loading.loaded.models;
      expect(first!.hash).toBe(createHash('sha256').update(canonicalJson(first!.model)).digest('hex'));
      return first!.hash;
    };
    const before = await hashOf();
    await workspace.change(model, '# One number decides.', '# Other words.\n');
    expect(await hashOf()).toBe(before);
    await workspace.change(model, 'version: 1', 'version: 2');
    expect(await hashOf()).not.toBe(before);
  });

  it.each(mistakes)('tells $mistake where it stands', async ({ file, from, to, at, problem }) => {
    const workspace = await temporaryWorkspace();
    await workspace.change(file, from, to);
    const loading = await workspace.load();
    expect(loading.outcome).toBe('faulty');
    expect(problemsOf(loading)).toEqual([
      expect.objectContaining({
        severity: 'error',
        file: join(workspace.folder, file),
        ...problem,
        ...(await placeOf(workspace.folder, file, at)),
      }),
    ]);
  });

  it('tells an unknown channel once per action that names it', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change(root, '  alerts:\n', '  warnings:\n');
    const problems = problemsOf(await workspace.load());
    expect(problems.map(({ path }) => path)).toEqual([
      'rules[0].do[0].alert.channel',
      'rules[1].do[0].alert.channel',
      'rules[2].do[0].alert.channel',
    ]);
    expect(problems[0]).toMatchObject({
      line: 18,
      column: 20,
      message: 'there is no channel alerts; there is warnings',
    });
  });

  it('refuses the second of two models or playbooks with one id', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change(root, '- models/existing-abc.yaml', '- models/existing-abc.yaml\n  - models/copy.yaml');
    await workspace.write('models/copy.yaml', await read(workspace.folder, model));
    expect(problemsOf(await workspace.load())).toEqual([
      expect.objectContaining({
        file: join(workspace.folder, 'models/copy.yaml'),
        line: 6,
        column: 5,
        message: `model "existing-abc" is already defined in ${join(workspace.folder, model)}`,
      }),
    ]);
  });

  it('does not call a grade unknown because its model has a mistake', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change(root, '- models/existing-abc.yaml', '- models/existing-abc.yaml\n  - models/other.yaml');
    await workspace.write('models/other.yaml', 'id: other\n');
    await workspace.change(playbook, 'when: { direction: [up] }', 'when: { model: other, to: [HOT] }');
    const files = problemsOf(await workspace.load()).map(({ file }) => file);
    expect([...new Set(files)]).toEqual([join(workspace.folder, 'models/other.yaml')]);
  });

  it('tells the mistakes of all files at once, the workspace file first', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change(playbook, 'id: default', 'id: Default!');
    await workspace.change(model, 'version: 1', 'version: 0');
    await workspace.change(root, 'language: en', 'language: fr');
    const files = problemsOf(await workspace.load()).map(({ file }) => file);
    expect(files).toEqual([root, model, playbook].map((file) => join(workspace.folder, file)));
  });

  it('warns of a fact that no connection delivers', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change(root, 'type: invoice.refunded', 'type: invoice.returned');
    const loading = await workspace.load();
    expect(loading.outcome).toBe('loaded');
    expect(problemsOf(loading)).toEqual([
      expect.objectContaining({
        severity: 'warning',
        path: 'signals.revenue12m.from.events[1]',
        message: 'no connection delivers the fact invoice.refunded: it will always be unknown',
        cure: 'did you mean "invoice.returned"?',
      }),
    ]);
  });

  it('warns of attributes that no connection delivers, wherever a model names them', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change(
      root,
      '          region: region\n          strategicAccount: { path: strategic, as: boolean }\n',
      '',
    );
    expect(problemsOf(await workspace.load()).map(({ path }) => path)).toEqual([
      'guards[4].when.eq[0].field',
      'tags.region.field',
    ]);
  });

  it('warns of a connection through which nothing can come in', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change(root, '\nchannels:', '\n  zoho-eu: { vendor: zoho, dataCentre: eu }\n\nchannels:');
    expect(problemsOf(await workspace.load())).toEqual([
      expect.objectContaining({
        severity: 'warning',
        path: 'connections.zoho-eu',
        cure: 'add notifications or workflow',
      }),
    ]);
  });

  it('warns of an unset secret, and refuses it before a start', async () => {
    const workspace = await temporaryWorkspace();
    const environment = { SHOP_WEBHOOK_SECRET: 'a secret', ALERT_WEBHOOK_SECRET: ' ' };
    const problem = {
      path: 'channels.alerts.secrets[0].env',
      message: 'the environment variable ALERT_WEBHOOK_SECRET is not set',
      cure: 'export ALERT_WEBHOOK_SECRET=… before starting',
    };
    const checked = await workspace.load({ environment });
    expect(checked).toMatchObject({ outcome: 'loaded', warnings: [{ severity: 'warning', ...problem }] });
    const starting = await workspace.load({ environment, starting: true });
    expect(starting).toMatchObject({ outcome: 'faulty', problems: [{ severity: 'error', ...problem }] });
  });

  it('looks for secret files beside the workspace file', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change(root, 'secrets: [{ env: ALERT_WEBHOOK_SECRET }]', 'secrets: [{ file: alert.secret }]');
    expect(problemsOf(await workspace.load())).toMatchObject([{ path: 'channels.alerts.secrets[0].file' }]);
    await workspace.write('alert.secret', 'whsec_c2VjcmV0\n');
    expect(problemsOf(await workspace.load())).toEqual([]);
  });

  it('does not take a mapped field called env for a secret', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change(root, 'fields: { orderId: orderId }', 'fields: { env: orderId }');
    expect(problemsOf(await workspace.load())).toEqual([]);
  });

  it('says how to get a workspace where there is none', async () => {
    const file = join(await temporaryFolder(), 'regrade.yaml');
    const loading = await loadWorkspace(file, { environment: {}, language: 'en', starting: false });
    expect(problemsOf(loading)).toEqual([
      {
        severity: 'error',
        file,
        line: 1,
        column: 1,
        path: '',
        message: `there is no file ${file}`,
        cure: 'run `regrade init` to write one, or name yours with --workspace FILE',
      },
    ]);
  });

  it('says so when a folder stands where a file should', async () => {
    const workspace = await temporaryWorkspace();
    await mkdir(join(workspace.folder, 'models/folder.yaml'));
    await workspace.change(root, '- models/existing-abc.yaml', '- models/folder.yaml');
    expect(problemsOf(await workspace.load())).toMatchObject([
      { path: 'models[0]', message: expect.stringContaining('EISDIR') as string },
    ]);
  });

  it('says so when the file is empty', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.write(root, '');
    expect(problemsOf(await workspace.load())).toMatchObject([{ line: 1, column: 1, message: 'the file is empty' }]);
  });

  it('speaks Chinese when asked to', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change(root, 'algorithm: sha256', 'algoritm: sha256');
    expect(problemsOf(await workspace.load({ language: 'zh' }))).toMatchObject([
      { message: '未知的键“algoritm”', cure: '是否想写“algorithm”？' },
    ]);
  });
});

const read = (folder: string, file: string): Promise<string> => readFile(join(folder, file), 'utf8');

const placeOf = async (folder: string, file: string, text: string): Promise<{ line: number; column: number }> => {
  const before = (await read(folder, file)).split(text);
  expect(before, `${text} must stand once`).toHaveLength(2);
  const lines = before[0]!.split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
};
