import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../infra/cli/main.ts';
import { openPopulation } from '../../infra/node/open-population.ts';
import type { Language } from '../../shared/domain/message.ts';
import { temporaryFolder, temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext } from './fake-context.ts';
import { daysAgo, fillStore } from './fill-store.ts';
import { jsonOf } from './look-into.ts';

const rank = 'infra/demo/backtest/rank.yaml';
const banded = 'infra/demo/backtest/rank-band-2.yaml';

const run = async (args: readonly string[], language: Language = 'en') => {
  const terminal = fakeContext({ language, openPopulation });
  const code = await main(['backtest', ...args], terminal.context);
  return { code, out: terminal.out, err: terminal.err };
};

const facts = [
  'customer,type,at,amount,currency',
  '1,invoice.paid,2026-03-01T09:00:00Z,100,GBP',
  '2,invoice.paid,2026-03-02T09:00:00Z,50,GBP',
  '3,invoice.paid,2026-03-03T09:00:00Z,10,GBP',
  ',invoice.paid,2026-03-03T10:00:00Z,1000,GBP',
  '3,invoice.paid,2026-03-04T09:00:00Z,200,GBP',
  '1,invoice.paid,2026-03-05T09:00:00Z,300,GBP',
  '',
].join('\n');

const factsFile = async (text = facts): Promise<string> => {
  const file = join(await temporaryFolder(), 'facts.csv');
  await writeFile(file, text);
  return file;
};

describe('backtest', () => {
  it('plays a file of facts by a model and tells what would have changed', async () => {
    const { code, out, err } = await run(['--model', rank, '--facts', await factsFile()]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    // the best is A, of one and two nobody is B, of three the second; 3 overtakes both on the fourth, 1 comes back on the fifth
    expect(out).toBe(`5 events of 3 customers, 2026-03-01 09:00:00 to 2026-03-05 09:00:00 (Europe/London)
Rows that name no customer, left out: 1.
First grades are not counted.

Model rank 1  infra/demo/backtest/rank.yaml
  Because of           Changes  per event  per customer
  own events                 2        0.4         0.667
  displaced by others        4        0.8         1.333
  time alone                 0          0             0
  all                        6        1.2             2
  up 3  down 3  other 0
  One event led to at most 3. 3 customers changed, one of them 2 times.

Time in grade
  Grade  customer-days   share
  A                  4  44.4 %
  B                  2  22.2 %
  C                  3  33.3 %
`);
  });

  it('sets several models side by side', async () => {
    const { code, out } = await run(['--model', rank, '--model', banded, '--facts', await factsFile()], 'zh');
    expect(code).toBe(0);
    expect(out).toContain('自身事件');
    expect(out).toMatch(/rank\.yaml +\d/);
    expect(out).toMatch(/rank-band-2\.yaml +\d/);
  });

  it('gives a program everything, for a stretch of time, with outcomes', async () => {
    const args = ['--from', '2026-03-02', '--to', '2026-03-04T12:00', '--repurchase', 'invoice.paid', '--within', '1'];
    const { code, out } = await run([
      ...['--model', rank, '--facts', await factsFile(), '--json', '--count-first'],
      ...args,
    ]);
    expect(code).toBe(0);
    expect(jsonOf(out)).toMatchObject({
      ...{ from: '2026-03-02T00:00:00.000Z', to: '2026-03-04T12:00:00.000Z', countsFirst: true, guards: 'on' },
      withoutCustomer: 1,
      models: [{ model: { id: 'rank', version: 1, file: rank }, events: 3, judgement: { count: 3, good: 0 } }],
    });
  });

  it('plays what the store holds', async () => {
    const workspace = await temporaryWorkspace();
    await fillStore(workspace.file, [
      { id: 'a', grade: 'A', facts: [daysAgo(20, 100), daysAgo(8, 5)] },
      { id: 'b', grade: 'A', facts: [daysAgo(10, 200)] },
    ]);
    const { code, out } = await run(['--model', rank, '--workspace', workspace.file, '--json']);
    expect(code).toBe(0);
    expect(jsonOf(out)).toMatchObject({
      models: [{ events: 3, customers: 2, byCause: { own: 0, displaced: 1, timer: 0 } }],
    });
  });

  it('reads the invoices of a real shop by the names their columns have', { timeout: 120_000 }, async () => {
    const { code, out } = await run([
      ...['--model', rank, '--facts', 'test/fixtures/online-retail/invoices.csv.gz', '--json'],
      ...['--columns', 'customer=CustomerID,at=InvoiceDate,amount=Amount', '--type', 'invoice.paid'],
    ]);
    expect(code).toBe(0);
    expect(jsonOf(out)).toMatchObject({
      withoutCustomer: 3_710,
      models: [
        { events: 22_190, customers: 4_372, changes: 9_470, byCause: { own: 3_045, displaced: 6_425, timer: 0 } },
      ],
    });
  });

  it.each([
    ['a,b\n', 'facts.csv:1: there is no column "customer"'],
    [`${facts}1,invoice.paid,soon,1,GBP\n`, 'facts.csv:8: at: "soon" is no instant'],
    [`${facts}1,invoice.paid,2026-03-09,1,USD\n`, 'facts.csv:8: currency: the model does not count in USD'],
    ['customer,type,at\n', 'regrade: there are no facts to play'],
  ])('tells line and cure of what it cannot read', async (text, says) => {
    const { code, out, err } = await run(['--model', rank, '--facts', await factsFile(text)]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(says);
  });

  it.each([
    [['--facts', 'missing.csv'], 'there is no file missing.csv'],
    [['--facts', 'x', '--columns', 'when=Date'], '--columns when=Date is not understood'],
    [['--facts', 'x', '--currency', 'EUR'], "the file's amounts are in EUR, the model counts in GBP"],
    [['--facts', 'x', '--won', 'deal.won'], 'these outcomes do not go together'],
    [['--facts', 'x', '--won', 'a.b', '--lost', 'a.c', '--churn', 'a.d'], 'these outcomes do not go together'],
    [['--model', 'missing.yaml'], 'there is no file missing.yaml'],
    [['--model', 'test/fixtures/models/existing-abc.yaml'], 'the models differ in time zone'],
  ])('says what is wrong with %j', async (args, says) => {
    const { code, out, err } = await run(['--model', rank, ...args]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(says);
  });

  it.each([
    [['--from', 'then'], '--from then is no point in time'],
    [['--to', 'then'], '--to then is no point in time'],
    [['--from', '2026-04-01', '--to', '2026-03-01'], '--from is later than --to'],
  ])('says what is wrong with the time %j', async (args, says) => {
    const { code, err } = await run(['--model', rank, '--facts', await factsFile(), ...args]);
    expect(code).toBe(1);
    expect(err).toContain(says);
  });

  it('leaves guards out where that is asked for', async () => {
    const folder = await temporaryFolder();
    const guarded = `${await readFile(rank, 'utf8')}guards: [{ id: never, when: { ge: [{ score: true }, -1000000] }, then: { grade: C } }]\n`;
    await writeFile(join(folder, 'guarded.yaml'), guarded);
    const counts = async (guards: string) => {
      const { out } = await run([
        ...['--model', join(folder, 'guarded.yaml'), '--facts', await factsFile(), '--guards', guards, '--json'],
      ]);
      return (jsonOf(out)['models'] as readonly { readonly changes: number }[])[0]?.changes;
    };
    expect([await counts('on'), await counts('off')]).toEqual([0, 6]);
  });
});

describe('diff', () => {
  const diff = async (args: readonly string[], language: Language = 'en') => {
    const terminal = fakeContext({ language });
    const code = await main(['diff', ...args], terminal.context);
    return { code, out: terminal.out, err: terminal.err };
  };

  it('tells what two models say differently, by section', async () => {
    expect(await diff([rank, 'infra/demo/backtest/rank-band-5.yaml'])).toEqual({
      code: 0,
      err: '',
      out: `Name
  id  rank → rank-band-5

Title
  title.zh  排名 → 排名，退出带 5 个百分点
  title.en  Rank → Rank, exit band of 5 points

Stability
  stability  added: {"hysteresis":{"unit":"rank","up":0,"down":0.05},"dwell":{"up":"PT0S","down":"PT0S"},"maxStep":null}
`,
    });
    const { out } = await diff([rank, 'infra/demo/backtest/rank-band-5.yaml'], 'zh');
    expect(out).toContain('稳定性\n  stability  新增：');
    expect((await diff([rank, rank])).out).toBe('The models say the same.\n');
  });

  it('gives a program the paths with what was and what is', async () => {
    const { out } = await diff([banded, 'infra/demo/backtest/rank-band-5.yaml', '--json']);
    expect(JSON.parse(out)).toContainEqual({
      ...{ path: 'stability.hysteresis.down', kind: 'changed', before: 0.02, after: 0.05 },
    });
  });

  it('says which file it cannot read', async () => {
    expect(await diff(['one.yaml', 'two.yaml'])).toEqual({
      code: 1,
      out: '',
      err: 'one.yaml:1:1: error: there is no file one.yaml\ntwo.yaml:1:1: error: there is no file two.yaml\n',
    });
  });
});
