import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topics } from '#shared/definitions/topics.ts';
import type { ConnectionAccount } from '#shared/ports/record-store.ts';
import { buildPlant, crm, grounds, memoryGround, type Plant, shop, tenant } from '../kit/plant.ts';
import { anyHistory, type Played, play, type Step, settle } from './history.ts';

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);
const outcomesOf = (account: ConnectionAccount): number =>
  account.resolved +
  account.coalesced +
  account.deduplicated +
  sum(account.rejected) +
  sum(account.dead) +
  account.waiting;

const expectBalance = async ({ records }: Plant, { received }: Played): Promise<void> => {
  const accounts = await records.readAccounts(tenant);
  expect(new Map(accounts.map((account) => [account.connection, account.received]))).toEqual(received);
  for (const account of accounts) {
    expect(outcomesOf(account), JSON.stringify(account)).toBe(account.received);
    expect(account.waiting).toBeGreaterThanOrEqual(0);
  }
};

describe.each(grounds)('accounting on $engine', ({ engine, open }) => {
  it('balances after every step of any history', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (steps) => {
        const ground = open();
        const plant = await buildPlant(ground);
        const played = await play(steps, plant, (soFar) => expectBalance(plant, soFar));
        await settle(plant);
        await expectBalance(plant, played);
        const waiting = (await plant.records.readAccounts(tenant)).map((account) => account.waiting);
        expect(waiting.every((hints) => hints === 0)).toBe(true);
        await ground.close();
      }),
      { numRuns: engine === 'memory' ? 120 : 30 },
    );
  });
});

describe('accounting of one hint', () => {
  const say = { object: 'invoice', record: 1, owner: 0, amount: 5, paidDaysAgo: 0, late: 0, what: 'upsert' } as const;
  const accountAfter = async (steps: readonly Step[], connection: string): Promise<ConnectionAccount | undefined> => {
    const plant = await buildPlant(memoryGround());
    await play(steps, plant);
    await settle(plant);
    return (await plant.records.readAccounts(tenant)).find((account) => account.connection === connection);
  };

  it.each([
    ['resolved, when it is news', [{ do: 'deliver', says: [say] }], shop, { resolved: 1 }],
    [
      'deduplicated, when it is a copy',
      [
        { do: 'deliver', says: [say] },
        { do: 'repeat', delivery: 0 },
      ],
      shop,
      { resolved: 1, deduplicated: 1 },
    ],
    [
      'deduplicated, when a newer one came first',
      [
        { do: 'deliver', says: [say] },
        { do: 'deliver', says: [{ ...say, late: 1, amount: 6 }] },
      ],
      shop,
      { resolved: 1, deduplicated: 1 },
    ],
    [
      'coalesced, when another of the same record is read back with it',
      [
        { do: 'hint', say, fields: 'none' },
        { do: 'hint', say, fields: 'mixed' },
      ],
      crm,
      { resolved: 1, coalesced: 1 },
    ],
    ['rejected as our own write', [{ do: 'hint', say, fields: 'own' }], crm, { rejected: { 'own-write': 1 } }],
    [
      'rejected when its object is not mapped',
      [{ do: 'stray', kind: 'unmapped' }],
      shop,
      { rejected: { 'unmapped-object': 1 } },
    ],
    [
      'rejected when it cannot be read back',
      [{ do: 'stray', kind: 'no-credentials' }],
      shop,
      { rejected: { 'no-credentials': 1 } },
    ],
    [
      'rejected when the record is nobody’s and never was',
      [{ do: 'deliver', says: [{ ...say, what: 'orphan' }] }],
      shop,
      { rejected: { 'no-customer': 1 } },
    ],
    [
      'rejected when the mapping keeps it out',
      [{ do: 'deliver', says: [{ ...say, what: 'draft' }] }],
      shop,
      { rejected: { filtered: 1 } },
    ],
    [
      'dead when its content cannot be understood',
      [{ do: 'deliver', says: [{ ...say, what: 'unreadable' }] }],
      shop,
      { dead: { 'bad-version': 1 } },
    ],
    [
      'dead when what is read back cannot be understood',
      [{ do: 'hint', say: { ...say, what: 'unreadable' }, fields: 'none' }],
      crm,
      { dead: { 'bad-version': 1 } },
    ],
    ['dead when it is no hint', [{ do: 'stray', kind: 'malformed' }], shop, { dead: { 'unreadable-hint': 1 } }],
    [
      'dead when no such connection exists',
      [{ do: 'stray', kind: 'unknown-connection' }],
      'nobody',
      { dead: { 'unknown-connection': 1 } },
    ],
  ] as [string, readonly Step[], string, Partial<ConnectionAccount>][])(
    'counts as %s',
    async (_, steps, connection, counts) => {
      const none = { resolved: 0, coalesced: 0, deduplicated: 0, rejected: {}, dead: {}, waiting: 0 };
      expect(await accountAfter(steps, connection)).toMatchObject({ ...none, ...counts });
    },
  );

  it('leaves out of the account what stands under a key nobody of ours wrote', async () => {
    const ground = memoryGround();
    const plant = await buildPlant(ground);
    await plant.stream.append(topics.webhooks, [
      { key: 'no slash', value: 'no hint' },
      { key: 'Not/ours/1', value: '{}' },
    ]);
    await plant.drain();
    expect(await plant.records.readAccounts(tenant)).toEqual([]);
  });
});
