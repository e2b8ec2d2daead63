import { describe, expect, it } from 'vitest';
import { main } from '../../infra/cli/main.ts';
import type { StatusView } from '../../infra/cli/reader.ts';
import { ConnectionId } from '../../shared/domain/ids.ts';
import { secrets, temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext, fakeReader } from './fake-context.ts';
import { jsonOf, lookInto } from './look-into.ts';

const status: StatusView = {
  now: Date.UTC(2026, 6, 1, 8, 30),
  customers: 12_345,
  accounts: [
    {
      connection: ConnectionId.parse('shop'),
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
  spilled: {},
  relayed: {},
  disabled: [],
  models: undefined,
};

describe('status', () => {
  it('shows that every hint is accounted for', async () => {
    const { code, out } = await lookInto({ readStatus: async () => status }, ['status']);
    expect(code).toBe(0);
    expect(out).toContain('Workspace default, business clock 2026-07-01 09:30:00 (Europe/London), 12,345 customers');
    expect(out).toMatch(/ {2}shop +100 +80 +5 +4 +5 +1 +5 {2}BALANCED\n/);
    expect(out).toContain(
      '  shop: rejected, filtered 3\n  shop: rejected, no-customer 2\n  shop: dead, no-instant 1\n',
    );
    expect(out).toMatch(/ {2}Channel +delivered +retry\n {2}alerts +7 +1\n/);
    expect(out).toMatch(/ {2}grade-customers +regrade\.events +12\n/);
  });

  it('shows how often nobody knows whether something arrived', async () => {
    const counted = { ...status, deliveries: [{ channel: 'alerts', status: 'unknown', count: 2, unknowns: 3 }] };
    const { out } = await lookInto({ readStatus: async () => counted }, ['status'], 'zh');
    expect(out).toMatch(/ {2}渠道 +结果不明 +结果不明的次数\n {2}alerts +2 +3\n/);
  });

  it('says by how much an account is off, and ends with 1', async () => {
    const off = { ...status, accounts: [{ ...status.accounts[0]!, resolved: 78 }] };
    const { code, out } = await lookInto({ readStatus: async () => off }, ['status']);
    expect(code).toBe(1);
    expect(out).toMatch(/OFF BY 2\n/);
  });

  it('gives a program the difference too', async () => {
    const { code, out } = await lookInto({ readStatus: async () => status }, ['status', '--json']);
    expect(code).toBe(0);
    expect(jsonOf(out)).toMatchObject({
      tenant: 'default',
      now: '2026-07-01T08:30:00.000Z',
      accounts: [{ connection: 'shop', offBy: 0 }],
    });
  });

  it('says that nothing has come yet', async () => {
    const nothing = { ...status, accounts: [], deliveries: [], positions: [] };
    const { out } = await lookInto({ readStatus: async () => nothing }, ['status']);
    expect(out.match(/nothing yet/g)).toHaveLength(3);
  });

  it('leaves out a count that nobody knows, and shows what is spilled and which channel is off', async () => {
    const since = Date.UTC(2026, 6, 1, 8);
    const disabled = [{ channel: 'alerts', reason: 'HTTP 401', since }];
    const { code, out } = await lookInto(
      { readStatus: async () => ({ ...status, customers: undefined, spilled: { shop: 300 }, disabled }) },
      ['status'],
    );
    expect(code).toBe(0);
    expect(out).toContain('(Europe/London), — customers\n');
    expect(out).toContain('  shop: spilled, not on the stream yet: 300\n');
    expect(out).toContain('  alerts is disabled since 2026-07-01 09:00:00: HTTP 401\n');
  });

  it('shows what waits in the table, and says that nobody could ask the brokers', async () => {
    const far = { ...status, positions: undefined, relayed: { 'regrade.events': 3 } };
    const { code, out } = await lookInto({ readStatus: async () => far }, ['status']);
    expect(code).toBe(0);
    expect(out).toContain('  regrade.events: in the table, not on the topic yet: 3\n');
    expect(out).toMatch(
      /Stream\n {2}the brokers do not answer from here: how far the stages are behind was not looked at\n$/,
    );
    expect(jsonOf((await lookInto({ readStatus: async () => far }, ['status', '--json'])).out)).toMatchObject({
      ...{ positions: null, relayed: { 'regrade.events': 3 } },
    });
  });

  it('looks at the engine that is asked for, with what the environment says of it', async () => {
    const asked: unknown[] = [];
    const workspace = await temporaryWorkspace();
    const environment = { ...secrets, KAFKA_BROKERS: 'a:1,b:2', DYNAMODB_TABLE: 'grades' };
    const reader = fakeReader({ readStatus: async () => status });
    const { context } = fakeContext({
      environment,
      openReader: async (_, engine) => {
        asked.push(engine?.kafka.brokers, engine?.dynamodb.table);
        return reader;
      },
    });
    expect(await main(['status', '--engine', 'kafka-dynamodb', '--workspace', workspace.file], context)).toBe(0);
    expect(await main(['status', '--workspace', workspace.file], context)).toBe(0);
    expect(asked).toEqual([['a:1', 'b:2'], 'grades', undefined, undefined]);
  });
});
