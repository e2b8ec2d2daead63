import { describe, expect, it } from 'vitest';
import { main } from '../../infra/cli/main.ts';
import type { CustomerView } from '../../infra/cli/reader.ts';
import { topics } from '../../shared/definitions/topics.ts';
import { decodeCloudEvent } from '../../shared/domain/cloud-event.ts';
import { CustomerEvent } from '../../shared/domain/event.ts';
import { CustomerId } from '../../shared/domain/ids.ts';
import type { Language } from '../../shared/domain/message.ts';
import { temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext, fakeReader } from './fake-context.ts';

const acme = CustomerId.parse('account:shop:42');
const twin = CustomerId.parse('account:shop:43');
const now = Date.UTC(2026, 6, 1, 8, 30);

const viewOf = (customer: CustomerId, more: Partial<CustomerView> = {}): CustomerView => ({
  customer,
  grades: [
    {
      ...{ model: { id: 'existing-abc', version: 1, hash: 'h' }, decides: true, at: now, grade: 'B', since: now },
      ...{ gradeNow: 'B', score: 100, cuts: {}, contributions: [], tags: {} },
    },
  ],
  ...more,
});

/** Runs a command; what it sends is kept, and everything it opens has to be closed. */
const run = async (argv: readonly string[], views: readonly CustomerView[], language: Language = 'en') => {
  const workspace = await temporaryWorkspace();
  await workspace.change('regrade.yaml', 'timezone: Europe/London', 'timezone: Asia/Shanghai');
  const sent: CustomerEvent[] = [];
  let [opened, closed] = [0, 0];
  const reader = fakeReader({
    findCustomers: async (text) => ({
      found: views.filter(({ customer }) => customer.endsWith(text)).map(({ customer }) => ({ customer })),
      complete: true,
    }),
    readCustomer: async (customer) => views.find((view) => view.customer === customer),
  });
  const terminal = fakeContext({
    language,
    openReader: async () => reader,
    openEventDesk: async (_loaded, _engine, way) => {
      opened += 1;
      return {
        businessNow: () => now,
        waits: way === 'table',
        stream: {
          append: async (topic, records) => {
            expect(topic).toBe(topics.events);
            for (const { key, value } of records) {
              const decoded = decodeCloudEvent(value, CustomerEvent);
              if (!decoded.ok) throw new Error(decoded.reason);
              expect(key).toBe(decoded.event.data.customer);
              sent.push(decoded.event.data);
            }
          },
        },
        close: async () => void (closed += 1),
      };
    },
  });
  const code = await main([...argv, '--workspace', workspace.file], terminal.context);
  expect(closed).toBe(opened);
  return { code, sent, out: terminal.out, err: terminal.err };
};

describe('a command by way of the table', () => {
  const hold = ['hold', '42', '--grade', 'A', '--why', 'signs soon', '--via', 'table'];

  it('is sent there, and says when it takes effect', async () => {
    const { code, sent, err } = await run([...hold, '--engine', 'kafka-dynamodb'], [viewOf(acme)]);
    expect({ code, err, sent: sent.length }).toEqual({
      ...{ code: 0, sent: 1 },
      err: 'It goes by way of the table: the clock takes it to its topic within about a minute.\n',
    });
  });

  it('does not exist on the embedded engine', async () => {
    const { code, sent, err } = await run(hold, [viewOf(acme)]);
    expect({ code, sent }).toEqual({ code: 2, sent: [] });
    expect(err).toContain('leave out --via');
  });
});

describe('regrade hold', () => {
  const hold = (...more: string[]) => ['hold', '42', '--grade', 'A', '--why', 'signs soon', ...more];

  it('sets a grade through the end of a day of the workspace’s calendar', async () => {
    const { code, sent, out } = await run(hold('--until', '2026-12-31', '--by', 'ann'), [viewOf(acme)]);
    expect(sent).toEqual([
      {
        ...{ kind: 'hold.set', tenant: 'default', customer: acme },
        hold: {
          ...{ command: expect.stringMatching(/^cli-/) as string, grade: 'A', by: 'ann', why: 'signs soon' },
          until: Date.parse('2026-12-31T16:00:00Z'),
        },
      },
    ]);
    expect([code, out]).toEqual([0, 'account:shop:42 is held at A until 2027-01-01 00:00:00.\n']);
  });

  it('holds until it is released where no end is named, for whoever runs it', async () => {
    const { sent, out } = await run(hold(), [viewOf(acme)]);
    expect(sent[0]).toMatchObject({ hold: { by: expect.stringMatching(/./) as string } });
    expect(sent[0]).not.toHaveProperty('hold.until');
    expect(out).toContain('until it is released');
  });

  it.each([
    ['2026-02-31', 2],
    ['2026-06-30', 2],
    ['90m', 2],
    ['2026-07-01T08:30:00Z', 2],
    ['2026-07-01T08:31:00Z', 0],
    ['2026-07-01', 0],
    ['soon', 2],
  ])('takes an end that is still to come: %s', async (until, code) => {
    const ran = await run(hold('--until', until), [viewOf(acme)]);
    expect([ran.code, ran.sent.length]).toEqual([code, code === 0 ? 1 : 0]);
    if (code !== 0) expect(ran.err).toContain('→ write a date such as 2026-12-31');
  });

  it('refuses a grade that the model does not have, naming those it has', async () => {
    const { code, sent, err } = await run(['hold', '42', '--grade', 'Z', '--why', 'w'], [viewOf(acme)]);
    expect([code, sent]).toEqual([1, []]);
    expect(err).toMatch(/the model existing-abc has no grade Z\n {4}→ write one of A, B, C/);
  });

  it('sends on to the winner of a merge', async () => {
    const { code, sent, err } = await run(hold(), [viewOf(acme, { partOf: { customer: twin, as: 'merge' } })]);
    expect([code, sent]).toEqual([1, []]);
    expect(err).toContain(`→ hold ${twin}`);
  });

  it('says so where no model grades such a customer, and where it is out of scope', async () => {
    expect((await run(hold(), [viewOf(acme, { grades: [] })])).err).toContain('no model of the workspace grades');
    const [grade] = viewOf(acme).grades;
    const outside = await run(hold(), [viewOf(acme, { grades: [{ ...grade!, gradeNow: null }] })]);
    expect(outside.out).toContain('not in the scope of the model now');
    expect(outside.sent).toHaveLength(1);
  });

  it('asks for a reason', async () => {
    const { code } = await run(['explain', 'x'], []);
    expect(code).toBe(1);
    const terminal = fakeContext();
    expect(await main(['hold', '42', '--grade', 'A'], terminal.context)).toBe(2);
    expect(terminal.err).toContain('--why');
  });

  it('answers in Chinese', async () => {
    const { out } = await run(hold('--until', '2026-12-31'), [viewOf(acme)], 'zh');
    expect(out).toContain('的等级已设为 A');
  });
});

describe('regrade release', () => {
  const release = ['release', '42', '--why', 'signed', '--by', 'ann'];
  it('lets a grade go that is held', async () => {
    const hold = { command: 'c', grade: 'A', by: 'bo', why: 'w' };
    const { code, sent } = await run(release, [viewOf(acme, { hold })]);
    const cleared = { kind: 'hold.cleared', tenant: 'default', customer: acme, by: 'ann', why: 'signed' };
    expect([code, sent]).toEqual([0, [{ ...cleared, command: expect.stringMatching(/^cli-/) as string }]]);
  });
  it('has nothing to do where none is', async () => {
    const { code, sent, out } = await run(release, [viewOf(acme)]);
    expect([code, sent]).toEqual([0, []]);
    expect(out).toContain('there is nothing to release');
  });
});

describe('regrade merge', () => {
  const merge = (customer: string, into: string) => [
    'merge',
    customer,
    '--into',
    into,
    '--why',
    'twice',
    '--by',
    'ann',
  ];

  it('makes one customer part of another, which need not be known yet', async () => {
    const { code, sent } = await run(merge('43', acme), [viewOf(twin)]);
    expect(code).toBe(0);
    expect(sent).toMatchObject([
      { kind: 'merge.requested', customer: twin, into: acme, as: 'merge', by: 'ann', why: 'twice' },
    ]);
  });

  it('converts a lead into an account', async () => {
    const lead = CustomerId.parse('lead:shop:7');
    const { sent } = await run(merge('7', '42'), [viewOf(lead), viewOf(acme)]);
    expect(sent).toMatchObject([{ customer: lead, into: acme, as: 'converted' }]);
  });

  it('refuses what would end both, naming whom to take out first', async () => {
    const third = CustomerId.parse('account:shop:44');
    const partOf = (customer: CustomerId) => ({ partOf: { customer, as: 'merge' as const } });
    const views = [viewOf(acme), viewOf(twin, partOf(third)), viewOf(third, partOf(acme))];
    const { code, sent, err } = await run(merge('42', '43'), views);
    expect([code, sent]).toEqual([1, []]);
    expect(err).toContain(`regrade unmerge ${third} --why`);
    expect((await run(merge('42', '42'), views)).err).toContain('cannot become part of itself');
  });

  it('does nothing twice', async () => {
    const { code, sent } = await run(merge('43', '42'), [
      viewOf(acme),
      viewOf(twin, { partOf: { customer: acme, as: 'merge' } }),
    ]);
    expect([code, sent]).toEqual([0, []]);
  });
});

describe('regrade unmerge', () => {
  const unmerge = ['unmerge', '43', '--why', 'two shops', '--by', 'ann'];
  it('takes a merge back', async () => {
    const { code, sent } = await run(unmerge, [viewOf(twin, { partOf: { customer: acme, as: 'merge' } })]);
    expect([code, sent]).toMatchObject([0, [{ kind: 'merge.undone', customer: twin, by: 'ann', why: 'two shops' }]]);
  });
  it('says so where there is none', async () => {
    const { code, sent, err } = await run(unmerge, [viewOf(twin)]);
    expect([code, sent]).toEqual([1, []]);
    expect(err).toContain('no merge to undo');
  });
});
