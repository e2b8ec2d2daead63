import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groups, topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import type { CustomerEvent } from '#shared/domain/event.ts';
import type { Fact } from '#shared/domain/fact.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import { verifyLedger } from '#shared/domain/ledger.ts';
import { type Profile, profileOf } from '#shared/domain/profile.ts';
import { decidesAgainBy } from '#shared/grading/decides-again.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { buildPlant, grounds, type Plant, plantStart, shop, tenant } from '../kit/plant.ts';
import { rankedModel, shareModel } from '../kit/ranked-models.ts';
import { graderOf } from '../kit/shop-models.ts';

const day = 86_400_000;
const size = 14;
const customers = Array.from({ length: size }, (_, i) =>
  CustomerId.parse(`account:shop:${String(i).padStart(2, '0')}`),
);

type Step =
  | {
      readonly do: 'invoice';
      readonly customer: number;
      readonly number: number;
      readonly amount: number;
      readonly daysAgo: number;
    }
  | { readonly do: 'gone'; readonly customer: number; readonly number: number }
  | {
      readonly do: 'profile';
      readonly customer: number;
      readonly region: string;
      readonly type: string;
      readonly state: string;
    }
  | { readonly do: 'pass'; readonly days: number }
  | { readonly do: 'rewind'; readonly group: 'grade' | 'rank'; readonly records: number }
  | { readonly do: 'work' };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('invoice'),
      customer: fc.nat(size - 1),
      number: fc.nat(2),
      amount: fc.oneof(fc.constantFrom(0, 0, 100, 100, -50), fc.integer({ min: -300, max: 1_500 })),
      daysAgo: fc.integer({ min: -2, max: 80 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('gone'), customer: fc.nat(size - 1), number: fc.nat(2) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('profile'),
      customer: fc.nat(size - 1),
      region: fc.constantFrom('north', 'north', 'south'),
      type: fc.constantFrom('retail', 'retail', 'wholesale'),
      state: fc.constantFrom('live', 'live', 'live', 'test'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass'), days: fc.integer({ min: 0, max: 40 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('rewind'), group: fc.constantFrom('grade', 'rank'), records: fc.nat(25) }),
  },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'work' }) },
);

const eventOf = (step: Extract<Step, { customer: number }>, source: number): CustomerEvent => {
  const customer = customers[step.customer]!;
  const common = { tenant, customer, version: { assignment: 1, source, read: source }, trace: 't' };
  if (step.do === 'profile') {
    const { region, type, state } = step;
    const record = { connection: shop, object: 'customer', id: customer };
    return { ...common, kind: 'record.asserted', record, attributes: { region, type, state }, facts: [] };
  }
  const record = { connection: shop, object: 'invoice', id: `${customer}-${step.number}` };
  if (step.do === 'gone') return { ...common, kind: 'record.retracted', record };
  const fact: Fact = {
    type: step.amount < 0 ? 'invoice.refunded' : 'invoice.paid',
    at: plantStart - step.daysAgo * day,
    amount: { units: Math.abs(step.amount), scale: 0, currency: 'GBP' },
  };
  return { ...common, kind: 'record.asserted', record, attributes: {}, facts: [fact] };
};

const play = async (steps: readonly Step[], plant: Plant): Promise<void> => {
  let source = 0;
  for (const step of steps) {
    source += 1;
    if (step.do === 'pass') plant.clock.pass(step.days * day);
    else if (step.do === 'work') await plant.drain();
    else if (step.do === 'rewind')
      plant.rewind(step.group === 'grade' ? groups.gradeCustomers : groups.rankCohorts, step.records);
    else {
      const event = eventOf(step, source);
      const value = encodeCloudEvent(
        { id: `e${source}`, source: 's', type: 't', data: event },
        plant.clock.businessNow(),
      );
      await plant.stream.append(topics.events, [{ key: event.customer, value }]);
    }
  }
};

/** Until nothing is under way and nobody is due. */
const settle = async (plant: Plant): Promise<void> => {
  for (let round = 0; round < 400; round += 1) {
    await plant.drain();
    const { reviews } = await plant.keepTime();
    if (reviews === 0) return;
  }
  throw new Error('it never comes to rest');
};

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
          ([customer, { records }]) => rankedOf(customer, profileOf(records), now, segments) ?? [],
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
