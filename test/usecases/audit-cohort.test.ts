import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryCohortStore } from '#shared/adapters/memory/cohort-store.ts';
import { topics } from '#shared/definitions/topics.ts';
import { type CohortSpec, zoneOf } from '#shared/domain/cohort.ts';
import { type CohortHead, cutsOfHead, type HeadCut, type NetMove } from '#shared/domain/cohort-head.ts';
import { CustomerEvent } from '#shared/domain/event.ts';
import { type RankKey, rankKeyOf } from '#shared/domain/rank-key.ts';
import type { CohortStore } from '#shared/ports/cohort-store.ts';
import { auditCohort, type CohortAudit, type RepairCohortDeps, repairCohort } from '#shared/usecases/audit-cohort.ts';
import { keyOf, moveOf, north } from '../contract/cohort-samples.ts';
import { customerOf, firstInstant } from '../contract/customer-states.ts';
import { specOf } from '../kit/hand-cohort.ts';
import { handStream } from '../kit/hand-stream.ts';
import { tenant } from '../kit/plant.ts';

const plain = specOf({ thresholds: ['0.5'] });
/** What four members at 40, 30, 20 and 10 come to. */
const right: CohortHead = {
  ...{ cohort: north, revision: 1, version: 7, members: 4, worth: '0' },
  cuts: [{ key: keyOf('b', 30), above: 2, worth: '0' }],
};
const four = ['a', 'b', 'c', 'd'].map((id, index) => moveOf(id, null, 40 - 10 * index, 1));

const bench = async (
  head: CohortHead | undefined,
  {
    spec = plain,
    moves = four,
    over = (store) => store,
  }: { spec?: CohortSpec | undefined; moves?: readonly NetMove[]; over?: (store: CohortStore) => CohortStore } = {},
) => {
  const store = memoryCohortStore();
  await store.applyMoves(tenant, north, moves);
  if (head !== undefined) await store.putHead(tenant, head);
  const stream = handStream(() => firstInstant);
  let pauses = 0;
  const deps: RepairCohortDeps = {
    ...{ tenant, cohorts: over(store), stream },
    specOf: () => spec,
    pause: async () => (pauses += 1) > 0,
  };
  return {
    store,
    audit: () => auditCohort(deps)(north),
    repair: async (found: CohortAudit): Promise<boolean> =>
      found.outcome === 'drifted' && repairCohort(deps)(found, firstInstant),
    headNow: async () => (await store.findHeads(tenant, [north])).get(north),
    reviews: () =>
      stream.read(topics.events).map(({ value }) => CustomerEvent.parse((JSON.parse(value) as { data: unknown }).data)),
    pauses: () => pauses,
  };
};

const [cut] = right.cuts as [HeadCut];

describe('the audit of a cohort', () => {
  it('finds a head exact that says what its rows say, and lets live work in after each page', async () => {
    const many = Array.from({ length: 1_100 }, (_, index) => moveOf(`c${index}`, null, index, 1));
    const head = { ...right, members: 1_100, cuts: [{ key: keyOf('c550', 550), above: 550, worth: '0' }] };
    const { audit, pauses } = await bench(head, { moves: many });
    expect(await audit()).toEqual({ outcome: 'exact', members: 1_100 });
    expect(pauses()).toBe(3);
    expect(await (await bench(undefined, { moves: [] })).audit()).toEqual({ outcome: 'exact', members: 0 });
  });

  const wrong: readonly (readonly [string, Partial<CohortHead>, object])[] = [
    ['members', { members: 5 }, { what: 'members', expected: '4', found: '5' }],
    ['worth', { worth: '9' }, { what: 'worth', expected: '0', found: '9' }],
    [
      'a cut',
      { cuts: [{ ...cut, key: keyOf('c', 20) }] },
      { what: 'cut', threshold: 0, expected: keyOf('b', 30), found: keyOf('c', 20) },
    ],
    ['who is inside', { cuts: [{ ...cut, above: 1 }] }, { what: 'inside', threshold: 0, expected: '2', found: '1' }],
    [
      'worth inside',
      { cuts: [{ ...cut, worth: '3' }] },
      { what: 'worth inside', threshold: 0, expected: '0', found: '3' },
    ],
    ['a tie', { cuts: [{ ...cut, tied: true }] }, { what: 'tie', threshold: 0, expected: 'false', found: 'true' }],
  ];
  it.each(wrong)('reports %s, and changes nothing', async (_, tampered, drift) => {
    const head = { ...right, ...tampered };
    const { audit, headNow, reviews } = await bench(head);
    expect(await audit()).toEqual({
      outcome: 'drifted',
      drifts: [{ cohort: north, ...drift }],
      head,
      exact: { members: 4, worth: '0', cuts: right.cuts },
    });
    expect([await headNow(), reviews()]).toEqual([head, []]);
  });

  it('reports a row that its customer’s place does not know of', async () => {
    const { audit } = await bench(right, {
      over: (store) => ({
        ...store,
        findPlaces: async (...args) =>
          new Map(await store.findPlaces(...args)).set(customerOf('c'), { key: null, version: 4 }),
      }),
    });
    const drift = { cohort: north, what: 'place', customer: customerOf('c'), expected: 'null', found: keyOf('c', 20) };
    expect(await audit()).toMatchObject({ outcome: 'drifted', drifts: [drift] });
  });

  it('says nothing of a cohort that moves meanwhile, has a batch open, or belongs to no model in use', async () => {
    const moving = await bench(
      { ...right, members: 9 },
      {
        over: (store) => ({
          ...store,
          readRows: async (...args) => {
            await store.putHead(tenant, { ...right, revision: 2 });
            return store.readRows(...args);
          },
        }),
      },
    );
    expect(await moving.audit()).toEqual({ outcome: 'moved' });
    const open = await bench({ ...right, members: 9, open: { moves: [], at: firstInstant } });
    expect(await open.audit()).toEqual({ outcome: 'moved' });
    const store = memoryCohortStore();
    const deps = {
      tenant,
      cohorts: store,
      specOf: () => undefined,
      pause: async () => true,
    };
    expect(await auditCohort(deps)(north)).toEqual({ outcome: 'retired' });
  });
});

describe('the repair of a cohort', () => {
  it('writes what the rows say, and asks for reviews of those whose zone that changes', async () => {
    const owed = { ranges: [], customers: [customerOf('a')], at: 5 };
    const { audit, repair, headNow, reviews } = await bench({
      ...right,
      owed,
      cuts: [{ key: keyOf('d', 10), above: 2, worth: '0' }],
    });
    expect(await repair(await audit())).toBe(true);
    const { owed: now, ...head } = (await headNow())!;
    expect(head).toEqual({ ...right, revision: 2, version: 8 });
    expect(now?.ranges).toHaveLength(1);
    expect(reviews()).toMatchObject([
      { customer: customerOf('a'), asOf: 5, cohort: { cuts: { version: 7 } } },
      {
        customer: customerOf('c'),
        asOf: firstInstant,
        cohort: { cuts: { version: 8, cuts: [{ key: keyOf('b', 30) }] } },
      },
      { customer: customerOf('d'), asOf: firstInstant },
    ]);
    expect(await audit()).toMatchObject({ outcome: 'exact' });
  });

  it('does nothing over a head that has moved since', async () => {
    const { audit, repair, store, headNow } = await bench({ ...right, members: 5 });
    const found = await audit();
    await store.putHead(tenant, { ...right, revision: 2 });
    expect(await repair(found)).toBe(false);
    expect(await headNow()).toEqual({ ...right, revision: 2 });
  });

  it('brings any head to what an audit finds exact, and every member to a zone by it', async () => {
    const anyKey = fc.option(fc.tuple(fc.nat(9), fc.integer({ min: -1, max: 6 })));
    const anyCut = fc.record({
      key: anyKey.map((key) => (key === null ? null : rankKeyOf([key[1]], customerOf(`c${key[0]}`)))),
      above: fc.nat(9),
      worth: fc.nat(9).map(String),
      tied: fc.boolean(),
    });
    const anySpec = fc.record({
      method: fc.constantFrom<CohortSpec['method'][]>('rank', 'share'),
      thresholds: fc.constant(['0.3', '0.5']),
      ties: fc.constantFrom<CohortSpec['ties'][]>('byKey', 'include', 'exclude'),
      boundary: fc.constantFrom<CohortSpec['boundary'][]>('start', 'end'),
      minPopulation: fc.constantFrom(0, 5),
    });
    const anyMoves = fc.uniqueArray(fc.tuple(fc.nat(9), fc.integer({ min: -1, max: 6 })), { selector: ([id]) => id });
    const anyHead = fc.record({ members: fc.nat(9), worth: fc.nat(9).map(String), cuts: fc.tuple(anyCut, anyCut) });
    await fc.assert(
      fc.asyncProperty(anySpec, anyMoves, anyHead, async (spec, scores, tampered) => {
        const moves = scores.map(([id, score]) => moveOf(`c${id}`, null, score, 1));
        // edges of cuts are in order in any head that was ever written
        const cuts = tampered.cuts.toSorted((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
        const head: CohortHead = { ...right, ...tampered, cuts: cuts.map(({ tied: _, ...each }) => each) };
        const { audit, repair, headNow, reviews } = await bench(head, { spec, moves });
        const found = await audit();
        if (found.outcome === 'drifted') expect(await repair(found)).toBe(true);
        expect(await audit()).toEqual({ outcome: 'exact', members: moves.length });
        const exact = cutsOfHead((await headNow())!);
        const asked = new Set(reviews().map(({ customer }) => customer));
        for (const { customer, key } of moves) {
          const zones = [cutsOfHead(head), exact].map((each) => zoneOf(key as RankKey, each, spec));
          if (zones[0] !== zones[1]) expect(asked).toContain(customer);
        }
      }),
    );
  });
});
