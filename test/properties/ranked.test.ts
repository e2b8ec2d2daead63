import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomerId } from '#shared/domain/ids.ts';
import { verifyLedger } from '#shared/domain/ledger.ts';
import { type Profile, profileOf } from '#shared/domain/profile.ts';
import { decidesAgainBy } from '#shared/grading/decides-again.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { buildPlant, grounds, tenant } from '../kit/plant.ts';
import { rankedModel, shareModel } from '../kit/ranked-models.ts';
import { graderOf } from '../kit/shop-models.ts';
import { anyStep, customers, day, play, settle } from './ranked-history.ts';

interface Ranked {
  readonly customer: CustomerId;
  readonly cohort: string;
  readonly score: number;
  readonly firstDay: number;
}

/** What a reader of the model would do with a calendar and a sheet of paper. January to March: London is at UTC. */
const rankedOf = (
  customer: CustomerId,
  { attributes, facts }: Profile,
  now: number,
  segments: boolean,
): Ranked | undefined => {
  if (attributes['state'] === 'test') return undefined;
  const today = Math.floor(now / day);
  const counted = facts.filter(({ at }) => at <= now && today - Math.floor(at / day) < 90);
  const score = counted.reduce(
    (sum, { type, amount }) => sum + (type === 'invoice.paid' ? 1 : -1) * (amount?.units ?? 0),
    0,
  );
  const paid = facts.filter(({ type, at }) => type === 'invoice.paid' && at <= now);
  const firstDay = paid.length === 0 ? Number.POSITIVE_INFINITY : Math.floor(paid[0]!.at / day);
  const cohort =
    segments && attributes['type'] === 'wholesale' ? 'wholesale' : `region ${String(attributes['region'])}`;
  return { customer, cohort, score, firstDay };
};

const inOrder =
  (byTenure: boolean) =>
  (a: Ranked, b: Ranked): number =>
    b.score - a.score ||
    (byTenure && a.firstDay !== b.firstDay ? a.firstDay - b.firstDay : 0) ||
    (a.customer < b.customer ? -1 : 1);

const byRank = (members: readonly Ranked[]): ReadonlyMap<CustomerId, string> => {
  const grades = new Map<CustomerId, string>();
  for (const cohort of new Set(members.map((one) => one.cohort))) {
    const own = members.filter((one) => one.cohort === cohort).sort(inOrder(true));
    const [a, b] = cohort === 'wholesale' ? [4, 6] : [2, 5]; // tenths
    for (const [i, { customer, score }] of own.entries()) {
      const few = score >= 1_000 ? 'A' : score >= 300 ? 'B' : 'C';
      const ranked = i < Math.ceil((a * own.length) / 10) ? 'A' : i < Math.ceil((b * own.length) / 10) ? 'B' : 'C';
      grades.set(customer, score <= 0 ? 'C' : own.length < 3 ? few : ranked);
    }
  }
  return grades;
};

const byShare = (members: readonly Ranked[]): ReadonlyMap<CustomerId, string> => {
  const grades = new Map<CustomerId, string>();
  for (const cohort of new Set(members.map((one) => one.cohort))) {
    const own = members.filter((one) => one.cohort === cohort).sort(inOrder(false));
    const total = own.reduce((sum, { score }) => sum + Math.max(0, score), 0);
    let before = 0;
    for (const { customer, score } of own) {
      grades.set(customer, score <= 0 ? 'C' : before * 10 < total * 5 ? 'A' : before * 10 < total * 8 ? 'B' : 'C');
      before += Math.max(0, score);
    }
  }
  return grades;
};

describe.each(grounds)('ranked grades on $engine', ({ open }) => {
  it.each([
    { cuts: 'rank', grader: graderOf(rankedModel, 'hash-of-ranked'), fromScratch: byRank, segments: true },
    { cuts: 'share', grader: graderOf(shareModel, 'hash-of-shared'), fromScratch: byShare, segments: false },
  ])('by $cuts equal a ranking from scratch once all is drained', async ({ grader, fromScratch, segments }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 60 }), async (steps) => {
        const ground = open();
        const plant = await buildPlant(ground, { graders: [grader] });
        await play(steps, plant);
        await settle(plant);
        const now = plant.clock.businessNow();
        const states = await plant.customers.findAll(tenant, customers);
        const members = [...states].flatMap(
          ([customer, { records }]) =>
            // of whom nothing is left is ranked no more
            ([...records.values()].some(({ retracted }) => !retracted) &&
              rankedOf(customer, profileOf(records), now, segments)) ||
            [],
        );
        const expected = fromScratch(members);
        for (const [customer, { grades }] of states)
          expect([customer, grades[grader.model.id]?.grade ?? null]).toEqual([
            customer,
            expected.get(customer) ?? null,
          ]);
        for (const [customer, { ledger, ledgerKey }] of states) {
          const entries = await plant.customers.readLedger(tenant, customer);
          expect(verifyLedger(entries, ledger, ledgerKey, hashing, decidesAgainBy([grader]))).toMatchObject({
            undecided: 0,
            faults: [],
          });
        }
        await ground.close();
      }),
      { numRuns: 40 },
    );
  });
});
