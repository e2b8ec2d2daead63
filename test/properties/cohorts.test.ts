import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryCohortStore } from '#shared/adapters/memory/cohort-store.ts';
import { cohortSchema, sqliteCohortStore } from '#shared/adapters/sqlite/cohort-store.ts';
import type { CohortSpec } from '#shared/domain/cohort.ts';
import type { CohortStore } from '#shared/ports/cohort-store.ts';
import { auditCohort } from '#shared/usecases/audit-cohort.ts';
import { openTemporary } from '../adapters/sqlite/open-temporary.ts';
import { rankFromScratch } from '../kit/cohort-reference.ts';
import { cohortWorld, keyOf, worldCohorts } from '../kit/cohort-world.ts';
import { tenant } from '../kit/plant.ts';

const anyThresholds = fc
  .uniqueArray(fc.integer({ min: 1, max: 1_000 }), { minLength: 2, maxLength: 6 })
  .map((thousandths) => thousandths.sort((a, b) => a - b).map((each) => String(each / 1_000)));

const anySpec: fc.Arbitrary<CohortSpec> = fc.record({
  method: fc.constantFrom('rank', 'share'),
  thresholds: anyThresholds,
  ties: fc.constantFrom('byKey', 'include', 'exclude'),
  boundary: fc.constantFrom('start', 'end'),
  minPopulation: fc.constantFrom(0, 0, 1, 12, 20),
});

const plainSpec: CohortSpec = {
  method: 'rank',
  thresholds: ['0.5'],
  ties: 'byKey',
  boundary: 'start',
  minPopulation: 0,
};

type World = ReturnType<typeof cohortWorld>;

/** Every zone, every count and every cut, against everybody ranked from nothing; and the audit is of the same opinion. */
const expectExact = async (world: World, cohorts: CohortStore, spec: CohortSpec): Promise<void> => {
  const heads = await cohorts.findHeads(tenant, worldCohorts);
  const audit = auditCohort({ tenant, cohorts, specOf: () => spec, pause: async () => true });
  for (const cohort of worldCohorts) {
    const members = world.membersOf(cohort);
    const { zones, lastInside, worth } = rankFromScratch(members, spec);
    const head = heads.get(cohort);
    const keys = new Map(members.map((member) => [member.customer, keyOf(member)]));
    expect(world.zonesOf(cohort)).toEqual(zones);
    expect(await cohorts.readRows(tenant, cohort, { limit: 10_000 })).toEqual([...keys.values()].sort());
    expect(head?.open).toBeUndefined();
    expect(await audit(cohort)).toEqual({ outcome: 'exact', members: members.length });
    expect(head?.members ?? 0).toBe(members.length);
    expect(head?.worth ?? '0').toBe(spec.method === 'share' ? String(worth) : '0');
    if (head === undefined) continue;
    expect(head.cuts.map(({ key }) => key)).toEqual(
      lastInside.map((last) => (last === null ? null : (keys.get(last) ?? ''))),
    );
  }
};

describe('a cohort that lives through crashes, repeats, rivals, old cuts and late reviews', () => {
  it('ends with every grade, count and cut as if ranked from nothing', async () => {
    let crashes = 0;
    await fc.assert(
      fc.asyncProperty(anySpec, fc.nat(), fc.constantFrom(15, 40, 120), async (spec, seed, customers) => {
        const cohorts = memoryCohortStore();
        const world = cohortWorld({ spec, seed, cohorts, customers, steps: 500, crash: 0.01 });
        await world.run();
        await expectExact(world, cohorts, spec);
        crashes += world.crashes();
      }),
      { numRuns: 60, endOnFailure: true },
    );
    expect(crashes).toBeGreaterThan(100);
  }, 120_000);

  it('is not moved by everything that was ever said coming again', async () => {
    await fc.assert(
      fc.asyncProperty(anySpec, fc.nat(), async (spec, seed) => {
        const cohorts = memoryCohortStore();
        const world = cohortWorld({ spec, seed, cohorts, customers: 30, steps: 200, crash: 0 });
        await world.run();
        const [heads, reviews] = [await cohorts.findHeads(tenant, worldCohorts), world.reviewIds()];
        await world.repeatAll();
        expect(await cohorts.findHeads(tenant, worldCohorts)).toEqual(heads);
        expect(world.reviewIds()).toEqual(reviews);
        await expectExact(world, cohorts, spec);
      }),
      { numRuns: 30, endOnFailure: true },
    );
  }, 120_000);

  it('goes wrong where a grader neither remembers by which cuts it decided last nor tells of another zone: so the world can tell', async () => {
    let wrong = 0;
    const forgetful = { remembers: false, tells: false };
    for (let seed = 1; seed <= 40 && wrong === 0; seed += 1) {
      const cohorts = memoryCohortStore();
      const spec: CohortSpec = { ...plainSpec, thresholds: ['0.2', '0.5'] };
      const world = cohortWorld({ spec, seed, cohorts, customers: 60, steps: 500, crash: 0.01, ...forgetful });
      await world.run();
      wrong += await expectExact(world, cohorts, spec).then(
        () => 0,
        () => 1,
      );
    }
    expect(wrong).toBe(1);
  }, 120_000);

  it('does so on a SQLite file', async () => {
    await fc.assert(
      fc.asyncProperty(anySpec, fc.nat(), async (spec, seed) => {
        const { db, remove } = openTemporary(cohortSchema);
        try {
          const cohorts = sqliteCohortStore(db);
          const world = cohortWorld({ spec, seed, cohorts, customers: 40, steps: 200, crash: 0.01 });
          await world.run();
          await expectExact(world, cohorts, spec);
        } finally {
          remove();
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  }, 120_000);
});
