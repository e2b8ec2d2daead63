import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../infra/cli/main.ts';
import { openPopulation } from '../../infra/node/open-population.ts';
import { CustomerId } from '../../shared/domain/ids.ts';
import type { Language } from '../../shared/domain/message.ts';
import { type TemporaryWorkspace, temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext } from './fake-context.ts';
import { daysAgo, fillStore, type StoredCustomer } from './fill-store.ts';
import { jsonOf } from './look-into.ts';

const customers: readonly StoredCustomer[] = [
  {
    id: 'big',
    grade: 'B',
    attributes: { name: 'Big "B", Ltd', region: 'north' },
    facts: [daysAgo(200, 40_000), daysAgo(10, 8_000), daysAgo(5, 1_000)],
  },
  {
    id: 'mid',
    grade: 'A',
    attributes: { name: 'Mid Ltd', region: 'south' },
    facts: [daysAgo(200, 9_000), daysAgo(100, 9_000)],
  },
  { id: 'old', grade: 'A', attributes: { name: 'Old Ltd', region: 'north' }, facts: [daysAgo(500, 90_000)] },
  { id: 'none', grade: 'C' },
];

/** A workspace whose store holds these customers, and beside it a copy of its model with A from 45,000. */
const filled = async (stored = customers): Promise<TemporaryWorkspace> => {
  const workspace = await temporaryWorkspace();
  await fillStore(workspace.file, stored);
  const model = await readFile(join(workspace.folder, 'models/existing-abc.yaml'), 'utf8');
  await workspace.write('new.yaml', model.replace('version: 1', 'version: 2').replace('A: 50000', 'A: 45000'));
  return workspace;
};

const run = async ({ folder, file }: TemporaryWorkspace, args: readonly string[], language: Language = 'en') => {
  const terminal = fakeContext({ language, openPopulation });
  const argv = ['simulate', '--model', join(folder, 'new.yaml'), '--workspace', file, ...args];
  const code = await main(argv, terminal.context);
  return { code, out: terminal.out, err: terminal.err };
};

describe('simulate', () => {
  it('shows who would move where, what they are worth, and what the playbooks would send', async () => {
    const { code, out, err } = await run(await filled(), []);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(
      out.replace(/as of .* \(/, 'as of now ('),
    ).toBe(`Model existing-abc, version 2, on 4 customers as of now (Europe/London)
Against the grades held now by existing-abc. Exit bands count from them; when a model takes over, nothing has to last first.

Customers by the grade held now (rows) and by this model (columns)
  from \\ to  A  B  C  CHURNED  all
  A          ·  1  ·        1    2
  B          1  ·  ·        ·    1
  C          ·  ·  1        ·    1
  all        1  1  1        1

Grades
  Grade    held now  revenue12m, GBP  by score alone  then  revenue12m, GBP
  A               2        18,000.00               1     1        49,000.00
  B               1        49,000.00               1     1        18,000.00
  C               1             0.00               2     1             0.00
  NEW             0             0.00               0     0             0.00
  CHURNED         0             0.00               0     1             0.00

3 customers would move (75 %): 1 up, 1 down
  worth 67,000.00 GBP
  1 of those graded have nothing that the score reads (25 %)

What the playbooks would send
  Channel  What    Number
  alerts   alerts       3

Who would move: 3 of 3, of the greatest value first
  Customer          Name          Grade        by score   score  revenue12m, GBP
  account:shop:big  Big "B", Ltd  B → A        A         49,000        49,000.00
  account:shop:mid  Mid Ltd       A → B        B         18,000        18,000.00
  account:shop:old  Old Ltd       A → CHURNED  C              0             0.00
`);
  });

  it('speaks Chinese, and tells customers apart by an attribute', async () => {
    const { out } = await run(await filled(), ['--by', 'region', '--top', '1'], 'zh');
    expect(out).toContain('3 个客户会变动（75 %）：升 1，降 1');
    expect(out).toMatch(/分段\n.*\n {2}north +2 +49,000\.00 +2 /);
    expect(out).toMatch(/ {2}（无） +1 +0\.00 +0 /);
    expect(out).toContain('会变动的客户：3 个中价值最高的 1 个');
  });

  it('gives a program everything', async () => {
    const { code, out } = await run(await filled(), ['--json', '--value', 'orders12m']);
    expect(code).toBe(0);
    expect(jsonOf(out)).toMatchObject({
      model: { id: 'existing-abc', version: 2 },
      against: { id: 'existing-abc' },
      currency: 'GBP',
      value: 'orders12m',
      all: { customers: 4, value: 5 },
      moving: { customers: 3, value: 5 },
      withoutData: { customers: 1 },
      matrix: [
        { from: 'A', to: 'B' },
        { from: 'A', to: 'CHURNED' },
        { from: 'B', to: 'A' },
        { from: 'C', to: 'C' },
      ],
      consequences: { channels: [{ channel: 'alerts', kind: 'alert', deliveries: 3 }], crmCalls: [] },
      movers: [{ customer: 'account:shop:big', name: 'Big "B", Ltd', from: 'B', to: 'A', raw: 'A' }, {}, {}],
    });
  });

  it('writes everybody who moves as CSV, into a file or to the output', async () => {
    const workspace = await filled();
    const lines = [
      'customer,name,from,to,by score,score,value',
      'account:shop:big,"Big ""B"", Ltd",B,A,A,49000,49000',
      'account:shop:mid,Mid Ltd,A,B,B,18000,18000',
      'account:shop:old,Old Ltd,A,CHURNED,C,0,0',
      '',
    ];
    expect(await run(workspace, ['--csv', '-', '--top', '1'])).toMatchObject({
      code: 0,
      out: lines.join('\r\n'),
      err: '',
    });
    const file = join(workspace.folder, 'movers.csv');
    const { out, err } = await run(workspace, ['--csv', file]);
    expect(await readFile(file, 'utf8')).toBe(lines.join('\r\n'));
    expect(out).toContain('3 customers would move');
    expect(err).toBe(`3 customers written to ${file}\n`);
  });

  it('ranks by the whole store', async () => {
    const workspace = await filled();
    const model = await readFile(join(workspace.folder, 'new.yaml'), 'utf8');
    const ranked = model.replace(/cutoffs:[\s\S]*?\n\n/, 'cutoffs: { method: rank, upTo: { A: 0.25, B: 0.5 } }\n\n');
    await writeFile(join(workspace.folder, 'new.yaml'), ranked.replace(/guards:[\s\S]*?\n\n/, ''));
    const told = jsonOf((await run(workspace, ['--json'])).out);
    expect(told).toMatchObject({
      matrix: [
        { from: 'A', to: 'B', customers: 1 },
        { from: 'A', to: 'C', customers: 1 },
        { from: 'B', to: 'A', customers: 1 },
        { from: 'C', to: 'C', customers: 1 },
      ],
      cohorts: [{ members: 4, cuts: [{}, {}] }],
    });
  });

  it('leaves out who is part of another, and of whom nothing is known any more', async () => {
    const gone = { version: { assignment: 1, source: 1, read: 1 }, retracted: true, attributes: {}, facts: [] };
    const part = CustomerId.parse('account:shop:mid');
    const merged: readonly StoredCustomer[] = [
      ...customers.filter(({ id }) => id === 'big'),
      { id: 'gone', grade: 'A', rest: { records: new Map([['a', gone]]) } },
      {
        id: 'mid',
        grade: 'A',
        facts: [daysAgo(1, 1)],
        rest: {
          merges: { seal: { into: CustomerId.parse('account:shop:big'), as: 'merge' }, sent: 1, told: {}, members: {} },
        },
      },
    ];
    const { out } = await run(await filled(merged), ['--json']);
    expect(jsonOf(out)).toMatchObject({ all: { customers: 1 }, movers: [{ customer: 'account:shop:big' }] });
    expect(out).not.toContain(part);
  });

  it.each([
    [['--value', 'nothing'], 'regrade: the model has no signal nothing\n'],
    [['--model', 'missing.yaml'], 'missing.yaml:1:1: error: there is no file missing.yaml\n'],
    [['--workspace', 'missing.yaml'], 'missing.yaml:1:1: error: there is no file'],
  ])('says what is wrong with %j', async (args, says) => {
    const { code, out, err } = await run(await filled(), args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(says);
  });

  it('says that there is no store, or nobody in it', async () => {
    const empty = await filled([]);
    expect((await run(empty, [])).err).toContain('there are no customers in the store yet');
    const none = await temporaryWorkspace();
    await none.write('new.yaml', await readFile(join(none.folder, 'models/existing-abc.yaml')));
    expect((await run(none, [])).err).toContain('there is no store at');
  });
});
