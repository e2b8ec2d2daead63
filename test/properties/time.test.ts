import { statSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storeFileOf } from '#infra/node/open-engine.ts';
import { topics } from '#shared/definitions/topics.ts';
import { decodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { emptyCuts } from '#shared/domain/cohort.ts';
import { isOutside } from '#shared/domain/customer-state.ts';
import { CustomerEvent } from '#shared/domain/event.ts';
import { profileOf } from '#shared/domain/profile.ts';
import type { HandStream } from '../kit/hand-stream.ts';
import { buildPlant, grounds, memoryGround, type Plant, sqliteGround, tenant } from '../kit/plant.ts';
import { spying } from '../kit/spying.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { anyHistory, customers, day, play, settle } from './history.ts';

const expectGradesFromScratch = async (plant: Plant): Promise<void> => {
  const now = plant.clock.businessNow();
  for (const [customer, { records, grades, due }] of await plant.customers.findAll(tenant, customers)) {
    const profile = profileOf(records);
    for (const grader of plant.graders) {
      const standing = { customer, cutsOf: emptyCuts, isOutside: isOutside({ records }) };
      const { effective, tags, next } = grader.grade(profile, now, standing);
      expect(grades[grader.model.id]?.grade, `${customer} by ${grader.model.id}`).toBe(effective);
      expect(grades[grader.model.id]?.tags).toEqual(tags);
      if (next !== undefined) expect(due).toBeLessThanOrEqual(next);
    }
    if (due !== undefined) expect(due).toBeGreaterThan(now);
  }
};

describe.each(grounds)('time on $engine', ({ engine, open }) => {
  it('leads, after any history and any waiting, to the grades that a fresh computation gives', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, fc.integer({ min: 0, max: 120 * day }), async (steps, wait) => {
        const ground = open();
        const plant = await buildPlant(ground);
        await play(steps, plant);
        await settle(plant);
        plant.clock.pass(wait);
        await settle(plant);
        await expectGradesFromScratch(plant);
        await ground.close();
      }),
      { numRuns: engine === 'memory' ? 60 : 12 },
    );
  });
});

describe('timers', () => {
  it('fire in order, once each, and never past what is received and not yet graded', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (steps) => {
        const ground = memoryGround();
        const stream = ground.stream as HandStream;
        const plant = await buildPlant(ground);
        const fired = new Map<string, number>();
        let read = 0;
        const expectOrder = (settledUntil: number): void => {
          for (const { value } of stream.read(topics.events).slice(read)) {
            const decoded = decodeCloudEvent(value, CustomerEvent);
            if (!decoded.ok || decoded.event.data.kind !== 'review.requested') continue;
            const { customer, asOf } = decoded.event.data;
            expect(asOf).toBeLessThanOrEqual(settledUntil);
            expect(asOf).toBeGreaterThan(fired.get(customer) ?? Number.NEGATIVE_INFINITY);
            fired.set(customer, asOf);
          }
          read = stream.read(topics.events).length;
        };
        for (const step of steps) {
          // time passes here, so that what is settled is looked at just before the turn of the clock
          if (step.do === 'pass') plant.clock.pass(step.ms);
          const settledUntil = plant.settledUntil();
          await play([step.do === 'pass' ? { do: 'pass', ms: 0 } : step], plant);
          if (step.do === 'pass') expectOrder(settledUntil);
        }
      }),
      { numRuns: 80 },
    );
  });
});

describe('an idle turn of the clock', () => {
  it('looks into two indexes and does nothing else, whoever is known and whatever falls due later', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (steps) => {
        const ground = memoryGround();
        const calls: string[] = [];
        const plant = await buildPlant({
          ...ground,
          customers: spying('customers', ground.customers, calls),
          records: spying('records', ground.records, calls),
          actions: spying('actions', ground.actions, calls),
          stream: spying('stream', ground.stream, calls),
        });
        await play(steps, plant);
        await settle(plant);
        calls.length = 0;
        expect(await plant.keepTime()).toEqual({ reviews: 0, actions: 0 });
        expect(calls).toEqual(['customers.claimDue', 'actions.claimDue']);
      }),
      { numRuns: 30 },
    );
  });

  it('writes not a byte to the file', async () => {
    const folder = temporaryFolder();
    const ground = sqliteGround(folder);
    const plant = await buildPlant(ground);
    const say = {
      object: 'invoice',
      record: 1,
      owner: 0,
      amount: 500,
      paidDaysAgo: 1,
      late: 0,
      what: 'upsert',
    } as const;
    await play([{ do: 'deliver', says: [say] }], plant);
    await settle(plant);
    const written = (): number => statSync(`${storeFileOf(folder)}-wal`).size;
    const before = written();
    for (let turn = 0; turn < 20; turn += 1) {
      plant.clock.pass(60_000);
      await plant.keepTime();
    }
    expect(before).toBeGreaterThan(0);
    expect(written()).toBe(before);
    await ground.close();
  });
});
