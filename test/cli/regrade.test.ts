import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { secrets, temporaryFolder } from '../node/workspace/temporary-workspace.ts';
import { runRegrade } from './run-regrade.ts';

const schemaLine = /^# yaml-language-server: \$schema=(\S+)/;

describe('the regrade command', () => {
  it.each(['en', 'zh'])('writes a workspace (%s) that its own check finds fine', async (language) => {
    const folder = await temporaryFolder();
    const written = await runRegrade(['init', '--language', language], { folder });
    expect(written).toMatchObject({ code: 0, err: '' });
    const checked = await runRegrade(['check', '--json'], { folder, environment: secrets });
    expect({ code: checked.code, ...z.record(z.string(), z.unknown()).parse(JSON.parse(checked.out)) }).toEqual({
      code: 0,
      ok: true,
      problems: [],
    });
  });

  it('points the files it writes to JSON Schemas that are there', async () => {
    const folder = await temporaryFolder();
    await runRegrade(['init', 'acme'], { folder });
    for (const [file, title] of [
      ['regrade.yaml', 'Regrade workspace'],
      ['models/existing-abc.yaml', 'Regrade grading model'],
      ['playbooks/default.yaml', 'Regrade playbook'],
    ] as const) {
      const path = join(folder, 'acme', file);
      const schema = schemaLine.exec(await readFile(path, 'utf8'))?.[1] ?? '';
      expect(JSON.parse(await readFile(join(path, '..', schema), 'utf8'))).toMatchObject({ title, type: 'object' });
    }
  });

  it('refuses to write over a workspace, unless it is told to', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'regrade.yaml');
    await writeFile(file, 'mine');
    const refused = await runRegrade(['init'], { folder });
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('Nothing was written: regrade.yaml exists already');
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect((await runRegrade(['init', '--force'], { folder })).code).toBe(0);
    expect(await readFile(file, 'utf8')).toContain('apiVersion: regrade/v1');
  });

  it('tells a mistake by file, line and column, with what to do, and ends with 1', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'w.yaml'), 'apiVersion: regrade/v1\nkind: Workspce\n');
    const { code, out } = await runRegrade(['check', '--workspace', 'w.yaml'], { folder });
    expect(code).toBe(1);
    expect(out).toContain('w.yaml:2:7: error: kind: must be Workspace, found "Workspce"\n');
    expect(out).toContain('w.yaml:1:1: error: models: "models" is missing\n    → write a list\n');
  });

  it('writes schemas where it is told to', async () => {
    const folder = await temporaryFolder();
    const { code, out } = await runRegrade(['schema', '--out', 'schemas'], { folder });
    expect({ code, files: out.split('\n') }).toEqual({
      code: 0,
      files: ['schemas/workspace.json', 'schemas/model.json', 'schemas/playbook.json', ''],
    });
    expect(JSON.parse(await readFile(join(folder, 'schemas/workspace.json'), 'utf8'))).toMatchObject({
      properties: { apiVersion: { const: 'regrade/v1' } },
      additionalProperties: false,
    });
  });

  it('does not start a workspace whose secrets are missing', async () => {
    const folder = await temporaryFolder();
    await runRegrade(['init'], { folder });
    const { code, err } = await runRegrade(['start'], { folder });
    expect(code).toBe(1);
    expect(err).toContain(
      'error: connections.shop.signature.secrets[0].env: the environment variable SHOP_WEBHOOK_SECRET is not set',
    );
  });

  it('speaks Chinese in a Chinese locale', async () => {
    const folder = await temporaryFolder();
    const { code, err } = await runRegrade(['status'], { folder, environment: { LANG: 'zh_CN.UTF-8' } });
    expect({ code, err }).toEqual({
      code: 1,
      err: 'regrade.yaml:1:1: 错误: 文件 regrade.yaml 不存在\n    → 执行 `regrade init` 生成一份，或用 --workspace FILE 指定\n',
    });
  });
});
