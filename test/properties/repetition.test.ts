import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groups } from '#shared/definitions/topics.ts';
import { buildPlant, grounds, tenant } from '../kit/plant.ts';
import { anyHistory, fatHistory, play, settle, snapshotOf } from './history.ts';

const everything = 1_000_000;

describe.each(grounds)('repetition on $engine', ({ engine, open }) => {
  const numRuns = engine === 'memory' ? 50 : 12;

  it('leaves profiles, grades and ledgers as they were when any prefix of the deliveries comes again', async () => {
    await fc.assert(
      fc.asyncProperty(fatHistory, fc.nat(20), async (steps, prefix) => {
        const ground = open();
        const plant = await buildPlant(ground);
        const { deliveries } = await play(steps, plant);
        await settle(plant);
        const before = await snapshotOf(plant);
        for (const hints of deliveries.slice(0, prefix)) await plant.accept(hints);
        await settle(plant);
        expect(await snapshotOf(plant)).toBe(before);
        await ground.close();
      }),
      { numRuns },
    );
  });

  it('leaves everything as it was when all consumers begin again at the first record', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (steps) => {
        const ground = open();
        const plant = await buildPlant(ground);
        await play(steps, plant);
        await settle(plant);
        const before = await snapshotOf(plant);
        const accounts = await plant.records.readAccounts(tenant);
        plant.rewind(groups.resolveRecords, everything);
        plant.rewind(groups.gradeCustomers, everything);
        await settle(plant);
        expect(await snapshotOf(plant)).toBe(before);
        expect(await plant.records.readAccounts(tenant)).toEqual(accounts);
        await ground.close();
      }),
      { numRuns },
    );
  });
});
