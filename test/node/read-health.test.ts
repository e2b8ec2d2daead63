import { describe, expect, it, onTestFinished } from 'vitest';
import { type Engine, openEngine } from '#infra/node/open-engine.ts';
import { readHealth } from '#infra/node/read-health.ts';
import { groups, topics } from '#shared/definitions/topics.ts';
import type { Hint } from '#shared/domain/hint.ts';
import type { ConnectionAccount } from '#shared/ports/record-store.ts';
import { handClock } from '../kit/hand-clock.ts';
import { plantStart, shop, tenant } from '../kit/plant.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

const positions = [{ topic: topics.webhooks, group: groups.resolveRecords }] as const;
const hint: Hint = {
  tenant,
  connection: shop,
  object: 'invoice',
  id: '1',
  operation: 'upsert',
  delivery: 'd',
  receivedAt: plantStart,
};

const open = () => {
  const clock = handClock(plantStart);
  const engine = openEngine({ folder: temporaryFolder(), tenant, clock, onFatal: () => undefined });
  onTestFinished(() => engine.close());
  return { clock, engine, health: (of: Engine = engine) => readHealth(of, tenant, clock, positions) };
};

describe('health', () => {
  it('is well before anything happened', async () => {
    expect(await open().health()).toEqual({
      status: 'ok',
      businessTime: '2026-01-10T12:00:00.000Z',
      connections: [],
      behindMs: { 'resolve-records': 0 },
      deliveries: [],
      disabledChannels: [],
    });
  });

  it('shows per connection that everything received is accounted for, and how far behind the work is', async () => {
    const { engine, clock, health } = open();
    await engine.intake.accept([hint]);
    clock.pass(4_500);
    expect(await health()).toMatchObject({
      status: 'ok',
      connections: [{ connection: 'shop', received: 1, waiting: 1, balanced: true }],
      behindMs: { 'resolve-records': 4_500 },
    });
  });

  it.each<[string, Partial<ConnectionAccount>, string]>([
    [
      'is well when all outcomes together are what was received',
      {
        received: 21,
        resolved: 1,
        coalesced: 2,
        deduplicated: 3,
        rejected: { a: 1, b: 3 },
        dead: { c: 5 },
        waiting: 6,
      },
      'ok',
    ],
    [
      'says so when a hint is missing',
      {
        received: 22,
        resolved: 1,
        coalesced: 2,
        deduplicated: 3,
        rejected: { a: 1, b: 3 },
        dead: { c: 5 },
        waiting: 6,
      },
      'unbalanced',
    ],
    ['says so when a hint was counted twice', { received: 0, resolved: 1 }, 'unbalanced'],
  ])('%s', async (_, account, status) => {
    const { engine, health } = open();
    const none = {
      connection: shop,
      received: 0,
      resolved: 0,
      coalesced: 0,
      deduplicated: 0,
      rejected: {},
      dead: {},
      waiting: 0,
    };
    const records = { ...engine.records, readAccounts: async () => [{ ...none, ...account }] };
    expect(await health({ ...engine, records })).toMatchObject({
      status,
      connections: [{ balanced: status === 'ok' }],
    });
  });
});
