import { describe, expect, it } from 'vitest';
import { tellFigures } from '#functions/keep-time/tell-figures.ts';
import { topics } from '#shared/definitions/topics.ts';
import { ConnectionId, TenantId } from '#shared/domain/ids.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import type { ConnectionAccount } from '#shared/ports/record-store.ts';
import { handClock } from '../../kit/hand-clock.ts';

const account = (connection: string, changes: Partial<ConnectionAccount>): ConnectionAccount => ({
  ...{ connection: ConnectionId.parse(connection), received: 0, resolved: 0, coalesced: 0, deduplicated: 0 },
  ...{ rejected: {}, dead: {}, waiting: 0 },
  ...changes,
});

const world = (accounts: readonly ConnectionAccount[]) => {
  const told = new Map<string, number>();
  let readings = 0;
  const clock = handClock(1_700_000_000_000);
  const tell = tellFigures({
    tenant: TenantId.parse('acme'),
    records: {
      readAccounts: async () => {
        readings += 1;
        return accounts;
      },
    },
    actions: {
      countDeliveries: async () => [
        { channel: 'alerts', status: 'delivered', deliveries: 7, unknowns: 0 },
        { channel: 'alerts', status: 'dead', deliveries: 1, unknowns: 0 },
      ],
    },
    spill: {
      count: async () =>
        new Map([
          ['shop', 3],
          ['zoho', 4],
        ]),
    },
    relay: { count: async () => new Map([[topics.dead, 2]]) },
    clock,
    metrics: {
      ...noMetrics,
      level: (stage, what, value, of) =>
        void told.set([stage, what, ...(of === undefined ? [] : [of])].join(' '), value),
    },
  });
  return { tell, told, clock, readings: () => readings };
};

describe('tellFigures', () => {
  it('adds the accounts of all connections up, and finds them balanced', async () => {
    const { tell, told } = world([
      account('shop', {
        received: 10,
        resolved: 6,
        coalesced: 1,
        deduplicated: 1,
        dead: { 'unreadable-hint': 1 },
        waiting: 1,
      }),
      account('zoho', { received: 5, resolved: 2, rejected: { deleted: 2, other: 1 } }),
    ]);
    await tell();
    expect(Object.fromEntries(told)).toEqual({
      'resolve-records hints received': 15,
      'resolve-records hints resolved': 8,
      'resolve-records hints coalesced': 1,
      'resolve-records hints deduplicated': 1,
      'resolve-records hints rejected': 3,
      'resolve-records hints dead': 1,
      'resolve-records hints waiting': 1,
      'resolve-records waiting': 1,
      'resolve-records unbalanced': 0,
      'receive-webhook waiting': 7,
      'keep-time waiting': 2,
      'deliver deliveries alerts delivered': 7,
      'deliver deliveries alerts dead': 1,
    });
  });

  it('does not set one connection’s loss off against the surplus of another', async () => {
    const { tell, told } = world([account('shop', { received: 3 }), account('zoho', { resolved: 3 })]);
    await tell();
    expect(told.get('resolve-records unbalanced')).toBe(6);
  });

  it('counts again after four minutes, and not before', async () => {
    const { tell, clock, readings } = world([]);
    await tell();
    clock.pass(3 * 60_000);
    await tell();
    expect(readings()).toBe(1);
    clock.pass(60_000);
    await tell();
    expect(readings()).toBe(2);
  });
});
