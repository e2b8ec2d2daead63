import { describe, expect, it } from 'vitest';
import type { CustomerView, FoundCustomer, NodeReader } from '../../infra/cli/reader.ts';
import { CustomerId } from '../../shared/domain/ids.ts';
import type { LedgerEntry } from '../../shared/domain/ledger.ts';
import type { Reasons } from '../../shared/domain/reasons.ts';
import { jsonOf, lookInto } from './look-into.ts';

const acme = CustomerId.parse('account:shop:42');
const at = Date.UTC(2026, 6, 1, 8, 30);
const model = { id: 'existing-abc', version: 1, hash: 'h' };

const view: CustomerView = {
  customer: acme,
  name: 'Acme\u001b[31m Ltd',
  grades: [
    {
      model,
      decides: true,
      at,
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

/** What was found where all customers were looked through. */
const all = (found: readonly FoundCustomer[]) => ({ found, complete: true });

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
  findCustomers: async () => all([{ customer: acme }]),
  readCustomer: async () => view,
  readLedger: async () => ledger,
  readDeliveries: async () => deliveries,
};

describe('explain', () => {
  it('tells grade, reasons, what comes next, history and deliveries, by the clock of the workspace', async () => {
    const { code, out } = await lookInto(explaining, ['explain', '42']);
    expect(code).toBe(0);
    expect(out).toBe(`Acme [31m Ltd  account:shop:42  (Europe/London)

Grade B (Growth)  since 2026-07-01 09:30:00
  by model existing-abc, version 1
  score 100 (A from 50,000, B from 10,000)
  decided by the guard complaints

  Reason                          value  points
  Sales                         1,234.5   33.34
  Orders                              3   33.33  capped by its group
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

  it('tells points against the baseline, all distances and counterfactuals, and every change to come', async () => {
    const [grade] = view.grades;
    const { next: _, guard: __, ...rest } = grade!;
    const contributions = rest.contributions.map((one) => ({ ...one, phi: one.points - 20 }));
    const reasons: Reasons = {
      baseline: { kind: 'population', score: 40 },
      caps: [],
      distance: {
        better: { grade: 'A', enter: 500, margin: 400 },
        below: { grade: 'C', enter: 90, leave: 80, margin: 20, places: 12 },
      },
      counterfactuals: [
        { suppose: { if: 'amount', factor: 'revenue12m', amount: 400 }, score: 500, grade: 'A', direction: 'up' },
        { suppose: { if: 'without', factor: 'revenue12m' }, score: 0, grade: 'C', direction: 'down' },
      ],
      projection: [
        { at: at + 31 * 86_400_000, score: 70, raw: 'C', to: 'C', waited: { since: at, dwell: 'P14D' } },
        { at: at + 60 * 86_400_000, score: 0, raw: 'C', to: 'CHURNED', guard: 'churned' },
      ],
    };
    const readCustomer = async () => ({ ...view, grades: [{ ...rest, contributions, reasons }] });
    const { out } = await lookInto({ ...explaining, readCustomer }, ['explain', '42']);
    expect(out).toContain(`
  Reason                          value  points  against the average
  Sales                         1,234.5   33.34                13.34
  Orders                              3   33.33                13.33  capped by its group
  Days since the first payment  unknown   33.33                13.33
  Score                                  100.00                40.00

  400.00 GBP short of A (Key) (from 500.00 GBP)
  20.00 GBP (12 places) above the cut; C (Standard) below 80.00 GBP
  400.00 GBP more in Sales would bring it to A (Key)
  The absence of all Sales would bring it down to C (Standard)
  If nothing happens: C (Standard) in 31 days (Aug 1, 2026), once that has lasted 14 days
  Then: CHURNED (Churned) in 60 days (Aug 30, 2026), by the rule churned
`);
    const told = await lookInto({ ...explaining, readCustomer }, ['explain', '42', '--json']);
    expect(jsonOf(told.out)).toMatchObject({
      grades: [
        {
          at: '2026-07-01T08:30:00.000Z',
          contributions: [{ phi: expect.closeTo(13.335, 9) as unknown }, {}, {}],
          reasons: {
            projection: [{ at: '2026-08-01T08:30:00.000Z', waited: { since: '2026-07-01T08:30:00.000Z' } }, {}],
          },
        },
      ],
    });
  });

  it('tells what persons set, whose part a customer is and who is part of it', async () => {
    const hold = { command: 'c', grade: 'A', until: at, by: 'ann', why: 'signs soon' };
    const twin = CustomerId.parse('account:shop:43');
    const reader = (more: Partial<CustomerView>): Partial<NodeReader> => ({
      findCustomers: async () => all([{ customer: acme }]),
      readCustomer: async () => ({ ...view, ...more }),
      readLedger: async () => [],
      readDeliveries: async () => [],
    });
    const held = await lookInto(reader({ hold, parts: [twin] }), ['explain', '42']);
    expect(held.out).toContain('  held at A until 2026-07-01 09:30:00 by ann: signs soon\n');
    expect(held.out).toContain(`  with what is known of ${twin}\n`);
    const partOf = { customer: twin, as: 'merge' } as const;
    const part = await lookInto(reader({ grades: [], partOf }), ['explain', '42'], 'zh');
    expect(part.out).toContain(`  已并入 ${twin}：在那里定级\n`);
    const json = jsonOf((await lookInto(reader({ hold, partOf }), ['explain', '42', '--json'])).out);
    expect(json).toMatchObject({ hold: { grade: 'A', until: '2026-07-01T08:30:00.000Z' }, partOf });
  });

  it('speaks Chinese', async () => {
    const { out } = await lookInto(explaining, ['explain', '42'], 'zh');
    expect(out).toContain('等级 B (B 类（成长）)  自 2026-07-01 09:30:00 起');
    expect(out).toContain('销售额');
    expect(out).toContain('若无新情况：2026-07-02 09:30:00 变为 CHURNED');
  });

  it('says so while a review is under way, and when nothing will change', async () => {
    const [grade] = view.grades;
    const { next, ...rest } = grade!;
    expect(next).toBeDefined();
    const quiet = { ...view, grades: [{ ...rest, gradeNow: 'A' }] };
    const { out } = await lookInto({ ...explaining, readCustomer: async () => quiet }, ['explain', '42']);
    expect(out).toContain('a review is under way: by now it is A');
    expect(out).toContain('If nothing happens the grade stays.');
  });

  it('gives a program exact points and instants in UTC', async () => {
    const { code, out } = await lookInto(explaining, ['explain', '42', '--json']);
    expect(code).toBe(0);
    expect(jsonOf(out)).toMatchObject({
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
    const { code, out, err } = await lookInto(
      {
        findCustomers: async () =>
          all([{ customer: other, name: 'Other' }, { customer: CustomerId.parse('lead:shop:42') }]),
      },
      ['explain', '42'],
    );
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe('"42" fits several customers; write more of one:\n  account:shop:142  Other\n  lead:shop:42\n');
  });

  it('takes a full id although it is also the end of another', async () => {
    const asked: string[] = [];
    const { code } = await lookInto(
      {
        ...explaining,
        findCustomers: async () => all([{ customer: CustomerId.parse(`lead:x:${acme}`) }, { customer: acme }]),
        readCustomer: async (customer) => {
          asked.push(customer);
          return view;
        },
      },
      ['explain', acme],
    );
    expect({ code, asked }).toEqual({ code: 0, asked: [acme] });
  });

  it('says that nobody fits', async () => {
    const { code, err } = await lookInto({ findCustomers: async () => all([]) }, ['explain', 'nobody']);
    expect({ code, err }).toEqual({ code: 1, err: `No customer's id ends with "nobody", and no name contains it.\n` });
  });
  it.each([
    [[], 'There are too many customers to look through all for "Acme": write the full id.\n'],
    [
      [{ customer: acme }],
      'There are too many customers to look through all; "Acme" fits these among others, perhaps. Write the full id:\n  account:shop:42\n',
    ],
  ])('asks for the full id where not all could be looked through', async (found, err) => {
    const looked = await lookInto({ findCustomers: async () => ({ found, complete: false }) }, ['explain', 'Acme']);
    expect(looked).toEqual({ code: 1, out: '', err });
  });
});
