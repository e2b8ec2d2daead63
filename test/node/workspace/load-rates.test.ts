import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../../infra/cli/main.ts';
import type { Loading } from '../../../infra/node/workspace/load-workspace.ts';
import { fakeContext } from '../../cli/fake-context.ts';
import { fixtureRates, ratesFile } from '../../kit/fixture-rates.ts';
import { temporaryWorkspace } from './temporary-workspace.ts';

const good = readFileSync(ratesFile, 'utf8');

/** The workspace of `init`, with a setting for rates and a file of them. */
const workspaceWith = async (setting: string, csv = good, currency = 'GBP') => {
  const workspace = await temporaryWorkspace();
  await workspace.change('regrade.yaml', 'currency: GBP\n#', `currency: ${currency}\nrates: ${setting}\n#`);
  if (currency !== 'GBP') await workspace.change('models/existing-abc.yaml', 'currency: GBP', `currency: ${currency}`);
  await workspace.write('rates/ecb.csv', csv);
  return workspace;
};

const problemsOf = (loading: Loading) => (loading.outcome === 'faulty' ? loading.problems : loading.warnings);

describe('the rates of a workspace', () => {
  it.each([
    ['rates/ecb.csv', 7],
    ['{ file: rates/ecb.csv, maxAgeDays: 3 }', 3],
    ['{ file: rates/ecb.csv }', 7],
  ])('are read from the file that %s names', async (setting, maxAgeDays) => {
    const loading = await (await workspaceWith(setting)).load();
    expect(problemsOf(loading)).toEqual([]);
    expect(loading).toMatchObject({
      loaded: {
        workspace: { rates: { file: 'rates/ecb.csv', maxAgeDays } },
        rates: { ...fixtureRates(maxAgeDays), file: 'rates/ecb.csv', csv: good },
      },
    });
  });

  it('are absent where none are named', async () => {
    const loading = await (await temporaryWorkspace()).load();
    expect(loading.outcome === 'loaded' && loading.loaded.rates).toBeUndefined();
  });

  it('say every fault of the file with its line', async () => {
    const workspace = await workspaceWith(
      'rates/ecb.csv',
      'Date,GBP\n2026-04-07,x\n2026-04-08,0.84\n2026-04-09,0.84\n',
    );
    const file = join(workspace.folder, 'rates/ecb.csv');
    expect(problemsOf(await workspace.load())).toEqual([
      {
        ...{ severity: 'error', file, line: 2, column: 12, path: '' },
        message: '"x" is no rate',
        cure: 'write a decimal above zero of at most 15 digits, or N/A',
      },
      {
        ...{ severity: 'error', file, line: 4, column: 1, path: '' },
        message: '2026-04-09 stands below 2026-04-08',
        cure: 'put the newest day first, and each day once',
      },
    ]);
    expect(problemsOf(await workspace.load({ language: 'zh' }))[0]).toMatchObject({ message: '“x”不是汇率' });
  });

  it('are told by `regrade check` in the form that editors link', async () => {
    const workspace = await workspaceWith('rates/ecb.csv', 'Date,USD,GBP\n2026-04-07,1.2\n');
    const terminal = fakeContext();
    expect(await main(['check', '--workspace', workspace.file], terminal.context)).toBe(1);
    expect(terminal.out).toContain(
      `${join(workspace.folder, 'rates/ecb.csv')}:2:1: error: this line has 1 rates, the first line names 2 currencies\n`,
    );
  });

  it('say so where there is no file, or no text in it', async () => {
    const absent = await workspaceWith('rates/euro.csv');
    expect(problemsOf(await absent.load())).toMatchObject([
      { path: 'rates', line: 13, message: expect.stringContaining('there is no file') as string },
    ]);
    const binary = await workspaceWith('rates/ecb.csv');
    await binary.write('rates/ecb.csv', Uint8Array.from([0x44, 0xff, 0xfe]));
    expect(problemsOf(await binary.load())).toMatchObject([{ line: 1, message: 'this is not UTF-8 text' }]);
  });

  it('must be able to lead to the currency of the workspace', async () => {
    const workspace = await workspaceWith('rates/ecb.csv', good, 'CHF');
    expect(problemsOf(await workspace.load())).toMatchObject([
      {
        path: 'rates',
        message: expect.stringContaining('no column CHF') as string,
        cure: expect.any(String) as string,
      },
    ]);
    expect(problemsOf(await (await workspaceWith('rates/ecb.csv', good, 'EUR')).load())).toEqual([]);
    const unlisted = await workspaceWith('rates/ecb.csv', good.replace('GBP', 'XTS'), 'XTS');
    expect(problemsOf(await unlisted.load())).toMatchObject([
      { path: 'currency', message: expect.stringContaining('XTS is no currency of ISO 4217') as string },
    ]);
  });

  it.each([
    ['7', 'rates'],
    ['{ file: rates/ecb.csv, maxAge: 3 }', 'rates.maxAge'],
    ['{ maxAgeDays: 3 }', 'rates.file'],
    ['{ file: rates/ecb.csv, maxAgeDays: -1 }', 'rates.maxAgeDays'],
  ])('refuse the setting %s', async (setting, path) => {
    expect(problemsOf(await (await workspaceWith(setting)).load()).map((problem) => problem.path)).toEqual([path]);
  });
});

describe('how a connection writes money and time', () => {
  it('is a setting of it', async () => {
    const workspace = await temporaryWorkspace();
    const habits = 'vendor: generic\n    timezone: Asia/Tokyo\n    minorUnits: { KWD: 2 }\n';
    await workspace.change('regrade.yaml', 'vendor: generic\n', habits);
    expect(problemsOf(await workspace.load())).toEqual([]);
  });

  it.each([
    ['timezone: Asia/Tokio', 'connections.shop.timezone'],
    ['minorUnits: { kwd: 2 }', 'connections.shop.minorUnits.kwd'],
    ['minorUnits: { KWD: 2.5 }', 'connections.shop.minorUnits.KWD'],
  ])('refuses %s', async (line, path) => {
    const workspace = await temporaryWorkspace();
    await workspace.change('regrade.yaml', 'vendor: generic\n', `vendor: generic\n    ${line}\n`);
    expect(problemsOf(await workspace.load()).map((problem) => problem.path)).toEqual([path]);
  });
});
