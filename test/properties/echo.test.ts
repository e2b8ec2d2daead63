import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topics } from '#shared/definitions/topics.ts';
import type { Hint } from '#shared/domain/hint.ts';
import type { HandStream } from '../kit/hand-stream.ts';
import { buildPlant, crm, memoryGround, tenant } from '../kit/plant.ts';
import { anyHistory, contentOf, play, settle, snapshotOf } from './history.ts';

const say = { object: 'customer', record: 1, owner: 0, amount: 7, paidDaysAgo: 0, late: 0, what: 'upsert' } as const;

const hintAt = (now: number, changedFields?: readonly string[]): Hint => ({
  tenant,
  connection: crm,
  object: 'customer',
  id: '1',
  operation: 'upsert',
  delivery: `echo at ${now}`,
  receivedAt: now,
  ...(changedFields === undefined ? {} : { changedFields: [...changedFields] }),
});

/** A plant that knows one customer of the CRM, and what happened before. */
const plantAfter = async (steps: Parameters<typeof play>[0]) => {
  const ground = memoryGround();
  const plant = await buildPlant(ground);
  await play(steps, plant);
  // two read-backs within one millisecond cannot be told apart
  plant.clock.pass(1_000);
  await play([{ do: 'hint', say, fields: 'none' }], plant);
  await settle(plant);
  plant.clock.pass(5_000);
  await settle(plant);
  const stream = ground.stream as HandStream;
  return {
    plant,
    counts: () => [topics.events, topics.changes, topics.dead].map((topic) => stream.read(topic).length),
  };
};

describe('our own write-back', () => {
  it('is not even read back when the hint names nothing but our own fields', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, fc.constantFrom(['Grade'], ['Score'], ['Grade', 'Score']), async (steps, fields) => {
        const { plant, counts } = await plantAfter(steps);
        const [events, before, calls] = [counts(), await snapshotOf(plant), plant.fakeCrm.calls.length];
        await plant.accept([hintAt(plant.clock.businessNow(), fields)]);
        await settle(plant);
        expect(counts()).toEqual(events);
        expect(plant.fakeCrm.calls).toHaveLength(calls);
        expect(await snapshotOf(plant)).toBe(before);
      }),
      { numRuns: 40 },
    );
  });

  it('leads to no event when reading back finds only a newer version of the same content', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (steps) => {
        const { plant, counts } = await plantAfter(steps);
        const [events, before, calls] = [counts(), await snapshotOf(plant), plant.fakeCrm.calls.length];
        const now = plant.clock.businessNow();
        plant.fakeCrm.records.set('customer/1', { ...contentOf(say, now), Grade: 'A' });
        await plant.accept([hintAt(now)]);
        await settle(plant);
        expect(plant.fakeCrm.calls).toHaveLength(calls + 1);
        expect(counts()).toEqual(events);
        expect(await snapshotOf(plant)).toBe(before);
      }),
      { numRuns: 40 },
    );
  });

  it('does not hide a change that the same hint names beside our fields', async () => {
    const { plant, counts } = await plantAfter([]);
    const [events] = counts();
    const now = plant.clock.businessNow();
    plant.fakeCrm.records.set('customer/1', { ...contentOf({ ...say, amount: 8 }, now) });
    await plant.accept([hintAt(now, ['Grade', 'name'])]);
    await settle(plant);
    expect(counts()[0]).toBe(events! + 1);
  });
});
