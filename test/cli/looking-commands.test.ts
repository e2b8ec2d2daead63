import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { main } from '../../infra/cli/main.ts';
import type { CustomerView, NodeReader, StatusView } from '../../infra/cli/reader.ts';
import { ConnectionId, CustomerId } from '../../shared/domain/ids.ts';
import type { LedgerEntry, LedgerProof } from '../../shared/domain/ledger.ts';
import { temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext, fakeReader } from './fake-context.ts';

const acme = CustomerId.parse('account:shop:42');
const shop = ConnectionId.parse('shop');
const at = Date.UTC(2026, 6, 1, 8, 30);
const model = { id: 'existing-abc', version: 1, hash: 'h' };

const view: CustomerView = {
  customer: acme,
  name: 'Acme\u001b[31m Ltd',
  grades: [
    {
      model,
      decides: true,
      grade: 'B',
      label: { zh: 'B 类（成长）', en: 'Growth' },
      since: at,
      gradeNow: 'B',
      score: 100,
      guard: 'complaints',
      cuts: { A: 50_000, B: 10_000 },
      contributions: [
        { factor: 'revenue12m', value: 1_234.5, points: 33.335 },
        { factor: 'orders12m', value: 3, points: 33.335, capped: true },
        { factor: 'tenureDays', points: 33.33 },
      ],
      tags: { value: 'high' },
      next: { at: at + 86_400_000, to: 'CHURNED' },
    },
  ],
};

const ledger: LedgerEntry[] = [
  { seq: 1, previous: '', digest: 'd1', hash: 'h1', body: undefined },
  {
    seq: 2,
    previous: 'h1',
    digest: 'd2',
    hash: 'h2',
    body: {
      customer: acme,
      seq: 2,
      at,
      model,
      decides: true,
      from: null,
      to: 'B',
      direction: 'initial',
      score: 100,
      raw: 'B',
      cuts: {},
      cause: { type: 'event', event: 'e', record: 'shop/invoice/inv-1', facts: ['invoice.paid'] },
      contributions: [],
    },
  },
];

const deliveries = [
  { id: 'a', channel: 'alerts', kind: 'alert', status: 'retry', attempts: 2, createdAt: at, lastError: 'HTTP 503' },
];

const explaining: Partial<NodeReader> = {
  findCustomers: async () => [{ customer: acme }],
  readCustomer: async () => view,
  readLedger: async () => ledger,
  readDeliveries: async () => deliveries,
};

const status: StatusView = {
  now: at,
  customers: 12_345,
  accounts: [
    {
      connection: shop,
      received: 100,
      resolved: 80,
      coalesced: 5,
      deduplicated: 4,
      rejected: { filtered: 3, 'no-customer': 2 },
      dead: { 'no-instant': 1 },
      waiting: 5,
    },
  ],
  deliveries: [
    { channel: 'alerts', status: 'delivered', count: 7 },
    { channel: 'alerts', status: 'retry', count: 1 },
  ],
  positions: [{ group: 'grade-customers', topic: 'regrade.events', lag: 12 }],
};

const run = async (argv: readonly string[], reader: Partial<NodeReader>, language: 'en' | 'zh' = 'en') => {
  const workspace = await temporaryWorkspace();
  const fake = fakeReader(reader);
  const terminal = fakeContext({ language, openReader: async () => fake });
  const code = await main([...argv, '--workspace', workspace.file], terminal.context);
  expect(fake.closed()).toBe(1);
  return { code, out: terminal.out, err: terminal.err };
};

const json = (text: string): Record<string, unknown> => z.record(z.string(), z.unknown()).parse(JSON.parse(text));

describe('explain', () => {
  it('tells grade, reasons, what comes next, history and deliveries, by the clock of the workspace', async () => {
    const { code, out } = await run(['explain', '42'], explaining);
    expect(code).toBe(0);
    expect(out).toBe(`Acme [31m Ltd  account:shop:42  (Europe/London)

Grade B (Growth)  since 2026-07-01 09:30:00
  by model existing-abc, version 1
  score 100 (A from 50,000, B from 10,000)
  decided by the guard complaints

  Reason                          value  points
  Sales in the last 365 days    1,234.5   33.34
  Orders in the last 365 days         3   33.33  capped by its group
  Days since the first payment  unknown   33.33
  Score                                  100.00

  If nothing happens: CHURNED on 2026-07-02 09:30:00
  Tags: value=high

History
  #  When                 Grade           score  Model           Because of
  1                       (erased)
  2  2026-07-01 09:30:00  not graded → B    100  existing-abc 1  invoice.paid: shop/invoice/inv-1

Deliveries, newest first
  When                 Channel  Kind   Status  tries  Last problem
  2026-07-01 09:30:00  alerts   alert  retry       2  HTTP 503
`);
  });

  it('speaks Chinese', async () => {
    const { out } = await run(['explain', '42'], explaining, 'zh');
    expect(out).toContain('等级 B (B 类（成长）)  自 2026-07-01 09:30:00 起');
    expect(out).toContain('近 365 天销售额');
    expect(out).toContain('若无新情况：2026-07-02 09:30:00 变为 CHURNED');
  });

  it('says so while a review is under way, and when nothing will change', async () => {
    const [grade] = view.grades;
    const { next, ...rest } = grade!;
    expect(next).toBeDefined();
    const quiet = { ...view, grades: [{ ...rest, gradeNow: 'A' }] };
    const { out } = await run(['explain', '42'], { ...explaining, readCustomer: async () => quiet });
    expect(out).toContain('a review is under way: by now it is A');
    expect(out).toContain('If nothing happens the grade stays.');
  });

  it('gives a program exact points and instants in UTC', async () => {
    const { code, out } = await run(['explain', '42', '--json'], explaining);
    expect(code).toBe(0);
    expect(json(out)).toMatchObject({
      customer: acme,
      grades: [
        {
          score: 100,
          since: '2026-07-01T08:30:00.000Z',
          contributions: [{ points: 33.335 }, {}, {}],
          next: { to: 'CHURNED' },
        },
      ],
      ledger: [
        { seq: 1, hash: 'h1', erased: true },
        { seq: 2, at: '2026-07-01T08:30:00.000Z', to: 'B' },
      ],
      deliveries: [{ channel: 'alerts', createdAt: '2026-07-01T08:30:00.000Z' }],
    });
  });

  it('says whom a piece of a name could mean', async () => {
    const other = CustomerId.parse('account:shop:142');
    const { code, out, err } = await run(['explain', '42'], {
      findCustomers: async () => [{ customer: other, name: 'Other' }, { customer: CustomerId.parse('lead:shop:42') }],
    });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe('"42" fits several customers; write more of one:\n  account:shop:142  Other\n  lead:shop:42\n');
  });

  it('takes a full id although it is also the end of another', async () => {
    const asked: string[] = [];
    const { code } = await run(['explain', acme], {
      ...explaining,
      findCustomers: async () => [{ customer: CustomerId.parse(`lead:x:${acme}`) }, { customer: acme }],
      readCustomer: async (customer) => {
        asked.push(customer);
        return view;
      },
    });
    expect({ code, asked }).toEqual({ code: 0, asked: [acme] });
  });

  it('says that nobody fits', async () => {
    const { code, err } = await run(['explain', 'nobody'], { findCustomers: async () => [] });
    expect({ code, err }).toEqual({ code: 1, err: `No customer's id ends with "nobody", and no name contains it.\n` });
  });
});

describe('status', () => {
  it('shows that every hint is accounted for', async () => {
    const { code, out } = await run(['status'], { readStatus: async () => status });
    expect(code).toBe(0);
    expect(out).toContain('Workspace default, business clock 2026-07-01 09:30:00 (Europe/London), 12,345 customers');
    expect(out).toMatch(/ {2}shop +100 +80 +5 +4 +5 +1 +5 {2}BALANCED\n/);
    expect(out).toContain(
      '  shop: rejected, filtered 3\n  shop: rejected, no-customer 2\n  shop: dead, no-instant 1\n',
    );
    expect(out).toMatch(/ {2}Channel +delivered +retry\n {2}alerts +7 +1\n/);
    expect(out).toMatch(/ {2}grade-customers +regrade\.events +12\n/);
  });

  it('says by how much an account is off, and ends with 1', async () => {
    const off = { ...status, accounts: [{ ...status.accounts[0]!, resolved: 78 }] };
    const { code, out } = await run(['status'], { readStatus: async () => off });
    expect(code).toBe(1);
    expect(out).toMatch(/OFF BY 2\n/);
  });

  it('gives a program the difference too', async () => {
    const { code, out } = await run(['status', '--json'], { readStatus: async () => status });
    expect(code).toBe(0);
    expect(json(out)).toMatchObject({
      tenant: 'default',
      now: '2026-07-01T08:30:00.000Z',
      accounts: [{ connection: 'shop', offBy: 0 }],
    });
  });

  it('says that nothing has come yet', async () => {
    const nothing = { ...status, accounts: [], deliveries: [], positions: [] };
    const { out } = await run(['status'], { readStatus: async () => nothing });
    expect(out.match(/nothing yet/g)).toHaveLength(3);
  });
});

describe('verify', () => {
  const sound: LedgerProof = { entries: 2, erased: 0, faults: [] };
  const many = Array.from({ length: 1_001 }, (_, index) =>
    CustomerId.parse(`account:shop:${String(index).padStart(4, '0')}`),
  );
  const paged: Partial<NodeReader> = {
    listCustomers: async (after, limit) =>
      many.filter((customer) => after === undefined || customer > after).slice(0, limit),
  };

  it('checks every customer once', async () => {
    const checked: CustomerId[] = [];
    const verify = async (customer: CustomerId): Promise<LedgerProof> => {
      checked.push(customer);
      return sound;
    };
    const { code, out, err } = await run(['verify'], { ...paged, verify });
    expect(checked).toEqual(many);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      'Checked 2002 ledger entries of 1001 customers.\nEvery chain is whole, and every grade is what score and cut-offs say.\n',
    );
  });

  it('lists faults by customer and entry, and ends with 1', async () => {
    const verify = async (customer: CustomerId): Promise<LedgerProof> =>
      customer === many[7] ? { entries: 2, erased: 1, faults: [{ seq: 2, fault: 'wrong-grade' }] } : sound;
    const { code, out } = await run(['verify'], { ...paged, verify });
    expect(code).toBe(1);
    expect(out).toContain('(1 erased: chained, not decided again)');
    expect(out).toMatch(
      /1 fault:\n.*\n {2}account:shop:0007 +2 {2}the grade does not follow from score and cut-offs\n/,
    );
  });

  it('checks the one customer that is asked for', async () => {
    const { code, out } = await run(['verify', '42', '--json'], {
      findCustomers: async () => [{ customer: acme }],
      verify: async () => ({ entries: 2, erased: 0, faults: [{ seq: 2, fault: 'broken-chain' }] }),
    });
    expect(code).toBe(1);
    expect(json(out)).toEqual({
      customers: 1,
      entries: 2,
      erased: 0,
      faults: [{ customer: acme, seq: 2, fault: 'broken-chain' }],
    });
  });
});
