import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryCustomerStore } from '#shared/adapters/memory/customer-store.ts';
import type { CohortId } from '#shared/domain/cohort.ts';
import type { CohortHead } from '#shared/domain/cohort-head.ts';
import type { Grader } from '#shared/grading/grader.ts';
import type { CohortStore } from '#shared/ports/cohort-store.ts';
import type { CustomerStore } from '#shared/ports/customer-store.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import type { Received } from '#shared/ports/stream.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { gradeCustomers } from '#shared/usecases/grade-customers.ts';
import { fixedModels } from '../kit/fixed-models.ts';
import { handStream } from '../kit/hand-stream.ts';
import { buildPlant, ledgerKeyOf, memoryGround, plantStart, tenant } from '../kit/plant.ts';
import { rankedModel } from '../kit/ranked-models.ts';
import { graderOf } from '../kit/shop-models.ts';
import { anyStep, customers, play, type Step, settle } from './ranked-history.ts';

const ranked = graderOf(rankedModel, 'hash-of-ranked');
const steady = graderOf(
  {
    ...rankedModel,
    stability: { hysteresis: { unit: 'rank', up: 0, down: 0.1 }, dwell: { up: 'PT0S', down: 'P10D' }, maxStep: 1 },
  },
  'hash-of-steady',
);

interface Recorded {
  readonly batches: readonly {
    readonly batch: readonly Received[];
    readonly heads: readonly ReadonlyMap<CohortId, CohortHead>[];
  }[];
  readonly ledgers: string;
}

const ledgersOf = async (store: CustomerStore): Promise<string> =>
  JSON.stringify(await Promise.all(customers.map((customer) => store.readLedger(tenant, customer))));

/** Every batch of events as it was worked, with the cuts that it was told. */
const record = async (grader: Grader, steps: readonly Step[]): Promise<Recorded> => {
  const ground = memoryGround();
  const batches: { batch: readonly Received[]; heads: ReadonlyMap<CohortId, CohortHead>[] }[] = [];
  const cohorts: CohortStore = {
    ...ground.cohorts,
    findHeads: async (...asked) => {
      const heads = structuredClone(await ground.cohorts.findHeads(...asked));
      batches.at(-1)?.heads.push(heads);
      return heads;
    },
  };
  const stream: typeof ground.stream = {
    ...ground.stream,
    subscribe: (subscription, process) =>
      ground.stream.subscribe(subscription, async (batch) => {
        if (subscription.group === 'grade-customers') batches.push({ batch, heads: [] });
        await process(batch);
      }),
  };
  // ranking reads heads as well: only those that were read while a batch of events was worked are recorded
  const plant = await buildPlant(
    { ...ground, stream, cohorts: { ...ground.cohorts } },
    { graders: [grader], cuts: cohorts },
  );
  await play(steps, plant);
  await settle(plant);
  return { batches, ledgers: await ledgersOf(ground.customers) };
};

const replay = async (grader: Grader, { batches }: Recorded): Promise<string> => {
  const customerStore = memoryCustomerStore();
  let heads: readonly ReadonlyMap<CohortId, CohortHead>[] = [];
  let turn = 0;
  const work = gradeCustomers({
    ...{ tenant, customers: customerStore, metrics: noMetrics, newLedgerKey: ledgerKeyOf },
    stream: handStream(() => plantStart),
    cohorts: { findHeads: async () => heads[turn++] ?? new Map() },
    models: fixedModels([grader]),
    hashing,
    park: async () => undefined,
    wallNow: () => 0,
  });
  for (const one of batches) {
    [heads, turn] = [one.heads, 0];
    await work(one.batch);
  }
  return ledgersOf(customerStore);
};

describe('a replay in stream order', () => {
  it.each([
    ['ranked', ranked],
    ['ranked with exit bands, dwell and single steps', steady],
  ])('with the recorded cuts gives the same ledger byte for byte: %s', async (_, grader) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 50 }), async (steps) => {
        const recorded = await record(grader, steps);
        expect(await replay(grader, recorded)).toBe(recorded.ledgers);
      }),
      { numRuns: 30 },
    );
  });
});

describe('one event', () => {
  const alone = graderOf(
    {
      ...rankedModel,
      partitions: [],
      segments: [],
      cutoffs: { method: 'rank', upTo: { A: 0.2, B: 0.5 }, tieBreak: ['id'] },
    },
    'hash-of-alone',
  );

  it('changes at most as many grades as there are cuts, and its own customer’s', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 10, maxLength: 50 }), async (steps) => {
        const ground = memoryGround();
        const plant = await buildPlant(ground, { graders: [alone] });
        const grades = async (): Promise<readonly (string | null | undefined)[]> => {
          const states = await ground.customers.findAll(tenant, customers);
          return customers.map((customer) => states.get(customer)?.grades['ranked']?.grade);
        };
        let before = await grades();
        for (const [i, step] of steps.entries()) {
          await play([step], plant, i);
          await settle(plant);
          const after = await grades();
          const changed = after.filter((grade, c) => grade !== before[c]).length;
          if (step.do === 'invoice' || step.do === 'gone' || step.do === 'profile')
            expect(changed).toBeLessThanOrEqual(3);
          before = after;
        }
      }),
      { numRuns: 25 },
    );
  });
});
