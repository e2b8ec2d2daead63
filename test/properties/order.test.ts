import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hint } from '#shared/domain/hint.ts';
import { profileOf } from '#shared/domain/profile.ts';
import { recordKeyOf } from '#shared/domain/record.ts';
import { buildPlant, grounds, memoryGround, type Plant, plantStart, tenant } from '../kit/plant.ts';
import { customers, day, fatHistory, play, settle, snapshotOf } from './history.ts';

const horizon = plantStart + 2_000 * day;

/** What the customers are, by profile alone: no trace of when it was learnt. */
const meaningOf = async (plant: Plant): Promise<string> => {
  const states = await plant.customers.findAll(tenant, customers);
  const meanings = customers.map((customer) => {
    const state = states.get(customer);
    if (state === undefined) return null;
    const profile = profileOf(state.records);
    const decided = plant.graders.map((grader) => {
      const { score, raw } = grader.grade(profile, horizon);
      return { score, raw, held: state.grades[grader.model.id]?.grade ?? null };
    });
    return { profile, decided };
  });
  return JSON.stringify(
    meanings.map((meaning) =>
      meaning?.profile.facts.length === 0 && Object.keys(meaning.profile.attributes).length === 0 ? null : meaning,
    ),
  );
};

/** Keeps each record's hints in their order and mixes the records: by what `picks` says, then as they come. */
const shuffled = (hints: readonly Hint[], picks: readonly number[]): readonly Hint[] => {
  const lanes = new Map<string, Hint[]>();
  for (const hint of hints) lanes.set(recordKeyOf(hint), [...(lanes.get(recordKeyOf(hint)) ?? []), hint]);
  const mixed: Hint[] = [];
  for (let turn = 0; mixed.length < hints.length; turn += 1) {
    const open = [...lanes.values()].filter((lane) => lane.length > 0);
    const next = open[(picks[turn % Math.max(1, picks.length)] ?? 0) % open.length]?.shift();
    if (next !== undefined) mixed.push(next);
  }
  return mixed;
};

describe.each(grounds)('order on $engine', ({ engine, open }) => {
  it('does not matter between records: profile, score and grades come out the same', async () => {
    await fc.assert(
      fc.asyncProperty(fatHistory, fc.array(fc.nat(30), { minLength: 1, maxLength: 40 }), async (steps, picks) => {
        const source = await buildPlant(memoryGround());
        const hints = (await play(steps, source)).deliveries.flat();
        const meanings = [];
        for (const order of [hints, shuffled(hints, picks)]) {
          const ground = open();
          const plant = await buildPlant(ground);
          for (const hint of order) await plant.accept([hint]);
          await settle(plant);
          plant.clock.pass(horizon - plant.clock.businessNow());
          await settle(plant);
          meanings.push(await meaningOf(plant));
          await ground.close();
        }
        expect(meanings[1]).toBe(meanings[0]);
      }),
      { numRuns: engine === 'memory' ? 60 : 10 },
    );
  });
});

describe('the same order', () => {
  it('gives the same ledger byte for byte, whatever the engine and whenever it is worked', async () => {
    await fc.assert(
      fc.asyncProperty(fatHistory, async (steps) => {
        const snapshots = [];
        for (const { open } of grounds)
          for (const eager of [true, false]) {
            const ground = open();
            const plant = await buildPlant(ground);
            await play(steps, plant, async () => (eager ? settle(plant) : undefined));
            await settle(plant);
            snapshots.push(await snapshotOf(plant));
            await ground.close();
          }
        for (const snapshot of snapshots) expect(snapshot).toBe(snapshots[0]);
      }),
      { numRuns: 12 },
    );
  });
});
