import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Group, groups, topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import type { CustomerEvent } from '#shared/domain/event.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import { verifyLedger } from '#shared/domain/ledger.ts';
import type { BuildPhase } from '#shared/domain/model-pointer.ts';
import { profileOf } from '#shared/domain/profile.ts';
import { decidesAgainBy } from '#shared/grading/decides-again.ts';
import { specsInForce } from '#shared/grading/in-force.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { auditCohort } from '#shared/usecases/audit-cohort.ts';
import type { KnownModel } from '#shared/usecases/models-in-force.ts';
import { publishModels } from '#shared/usecases/publish-models.ts';
import { adoptFiles, requestPublication } from '#shared/usecases/request-publication.ts';
import { seeded } from '../bench/grading-model.ts';
import { buildPlant, grounds, type Plant, type PlantGround, plantStart, shop, tenant } from '../kit/plant.ts';
import {
  graderOfKnown,
  gradesFromScratch,
  Killed,
  killable,
  modelOf,
  type Rules,
  staleReaders,
} from '../kit/publishing-world.ts';

const day = 86_400_000;
const size = 12;
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
  | { readonly do: 'profile'; readonly customer: number; readonly region: string }
  | { readonly do: 'pass'; readonly days: number }
  | { readonly do: 'rewind'; readonly group: 'grade' | 'rank'; readonly records: number }
  | { readonly do: 'work' }
  | { readonly do: 'publish'; readonly version: number }
  | { readonly do: 'carry' };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('invoice'),
      customer: fc.nat(size - 1),
      number: fc.nat(2),
      amount: fc.oneof(fc.constantFrom(0, 100, 100), fc.integer({ min: 0, max: 1_500 })),
      daysAgo: fc.integer({ min: -2, max: 60 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('profile'),
      customer: fc.nat(size - 1),
      region: fc.constantFrom('north', 'north', 'south'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass'), days: fc.integer({ min: 0, max: 30 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('rewind'), group: fc.constantFrom('grade', 'rank'), records: fc.nat(25) }),
  },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'work' }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('publish'), version: fc.nat(2) }) },
  { weight: 6, arbitrary: fc.constant<Step>({ do: 'carry' }) },
);

const versions: readonly Rules[] = [
  { a: 2, b: 5, byRegion: true, method: 'rank', days: 40 },
  { a: 4, b: 7, byRegion: false, method: 'rank', days: 25 },
  { a: 5, b: 8, byRegion: true, method: 'share', days: 60 },
  { a: 6, b: 20, byRegion: false, method: 'absolute', days: 40 },
];
const models: readonly KnownModel[] = versions.map((rules, i) => modelOf(i + 1, rules));
const first = models[0]!;

const eventOf = (step: Extract<Step, { customer: number }>, source: number): CustomerEvent => {
  const customer = customers[step.customer]!;
  const common = { tenant, customer, version: { assignment: 1, source, read: source }, trace: 't' };
  if (step.do === 'profile') {
    const record = { connection: shop, object: 'customer', id: customer };
    return { ...common, kind: 'record.asserted', record, attributes: { region: step.region }, facts: [] };
  }
  const record = { connection: shop, object: 'invoice', id: `${customer}-${step.number}` };
  const at = plantStart - step.daysAgo * day;
  const fact = { type: 'invoice.paid', at, amount: { units: step.amount, scale: 0, currency: 'GBP' } };
  return { ...common, kind: 'record.asserted', record, attributes: {}, facts: [fact] };
};

interface World {
  readonly plant: Plant;
  readonly kills: () => number;
  publish(model: KnownModel): Promise<void>;
  /** Until it is killed or done. */
  carry(chance: number): Promise<boolean>;
  /** It goes no further than this phase. */
  holdIn(phase: BuildPhase | undefined): void;
}

const anyGroup = (random: () => number): Group => {
  const some = [groups.gradeCustomers, groups.gradeCustomers, groups.rankCohorts];
  return some[Math.floor(random() * some.length)]!;
};

const openWorld = async (ground: PlantGround, seed: number): Promise<World> => {
  const random = seeded(seed);
  const asked = { at: plantStart, by: 'test', why: 'a test', alerts: 'send' as const };
  await adoptFiles({ tenant, registry: ground.registry })([first], asked);
  const readers = staleReaders(ground, { processes: 3, random });
  const plant = await buildPlant(ground, { graders: [], models: readers });
  let kills = 0;
  let held: BuildPhase | undefined;
  const isHeld = async (): Promise<boolean> =>
    held !== undefined && (await ground.registry.readPointer(tenant))?.building?.phase === held;
  const carry = async (chance: number): Promise<boolean> => {
    const deps = {
      ...{ ...ground, tenant, models: readers, cacheMs: 1_000, mostUnread: 4, lookMs: 1 },
      reviewedAsOf: () => ground.settledUntil(),
      summarise: async () => undefined,
    };
    const pause = async (ms: number): Promise<boolean> => {
      // until then some go by what they knew
      if (ms > 0) await plant.work(anyGroup(random));
      if (ms >= 1_000) readers.expire();
      return random() >= chance && !(await isHeld());
    };
    try {
      return (await publishModels({ ...killable(deps, { random, chance }), pause })()) !== 'stopped';
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      kills += 1;
      return false;
    }
  };
  return {
    plant,
    kills: () => kills,
    publish: async (model) => {
      await requestPublication({ tenant, registry: ground.registry })([model], asked, { whole: true });
    },
    carry,
    holdIn: (phase) => {
      held = phase;
    },
  };
};

const play = async (steps: readonly Step[], { plant, publish, carry }: World): Promise<void> => {
  let source = 0;
  for (const step of steps) {
    source += 1;
    if (step.do === 'pass') {
      plant.clock.pass(step.days * day);
      await plant.keepTime();
    } else if (step.do === 'work') await plant.drain();
    else if (step.do === 'publish') await publish(models[step.version + 1]!);
    else if (step.do === 'carry') await carry(0.15);
    else if (step.do === 'rewind')
      plant.rewind(step.group === 'grade' ? groups.gradeCustomers : groups.rankCohorts, step.records);
    else {
      const event = eventOf(step, source);
      const at = plant.clock.businessNow();
      const value = encodeCloudEvent({ id: `e${source}`, source: 's', type: 't', data: event }, at);
      await plant.stream.append(topics.events, [{ key: event.customer, value }]);
    }
  }
};

/** Until nothing is under way, nobody is due, and what was published is carried out. */
const settle = async ({ plant, carry }: World): Promise<void> => {
  for (let round = 0; round < 400; round += 1) {
    await plant.drain();
    const isCarried = await carry(0.02);
    const { reviews } = await plant.keepTime();
    if (reviews === 0 && isCarried) return plant.drain();
  }
  throw new Error('it never comes to rest');
};

const expectExactCohorts = async ({ plant }: World): Promise<void> => {
  const { registry, cohorts, customers: store } = plant;
  const pointer = await registry.readPointer(tenant);
  expect(pointer?.building).toBeUndefined();
  const readers = staleReaders(plant, { processes: 1, random: () => 0 });
  const specOf = specsInForce(await readers.reload());
  const states = await store.findAll(tenant, customers);
  const expected = new Map<string, string[]>();
  for (const { grades } of states.values())
    for (const { rank } of Object.values(grades))
      if (rank !== undefined) expected.set(rank.cohort, [...(expected.get(rank.cohort) ?? []), rank.key]);
  const { cohorts: listed } = await cohorts.listCohorts(tenant, undefined, 1_000);
  for (const cohort of expected.keys()) expect(listed).toContain(cohort);
  for (const cohort of listed) {
    expect(specOf(cohort), cohort).toBeDefined();
    const rows = await cohorts.readRows(tenant, cohort, { limit: 1_000 });
    expect(rows).toEqual((expected.get(cohort) ?? []).sort());
    const audit = auditCohort({ tenant, cohorts, specOf, pause: async () => true });
    expect(await audit(cohort)).toMatchObject({ outcome: 'exact' });
  }
};

const expectLedgers = async ({ plant }: World): Promise<void> => {
  const states = await plant.customers.findAll(tenant, customers);
  for (const [customer, { ledger, ledgerKey, epoch }] of states) {
    expect(epoch).toBe((await plant.registry.readPointer(tenant))?.live.epoch);
    const entries = await plant.customers.readLedger(tenant, customer);
    const decidesAgain = decidesAgainBy(models.map(graderOfKnown));
    expect(verifyLedger(entries, ledger, ledgerKey, hashing, decidesAgain)).toMatchObject({ undecided: 0, faults: [] });
    const bodies = entries.flatMap(({ body }) => body ?? []);
    // a step to other models makes one entry at most, before anything else is decided by them
    for (const [i, body] of bodies.entries()) {
      if (body.cause.type !== 'model') continue;
      expect(bodies[i - 1]?.model.hash).not.toBe(body.model.hash);
      expect(body.from).not.toBe(body.to);
    }
  }
};

describe.each(grounds)('publishing models on $engine', ({ engine, open }) => {
  it('ends as if the last one had graded from scratch, wherever it was killed and whoever knew of it when', async () => {
    let kills = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 10, maxLength: 70 }), fc.nat(), async (steps, seed) => {
        const ground = open();
        const world = await openWorld(ground, seed);
        await play(steps, world);
        await settle(world);
        const { plant } = world;
        const hash = (await plant.registry.readPointer(tenant))?.live.models[0]?.hash;
        const rules = versions[models.findIndex((model) => model.hash === hash)]!;
        const states = await plant.customers.findAll(tenant, customers);
        const profiles = new Map([...states].map(([id, { records }]) => [id, profileOf(records)]));
        const expected = gradesFromScratch(profiles, plant.clock.businessNow(), rules);
        for (const [id, { grades }] of states) expect([id, grades['ranked']?.grade]).toEqual([id, expected.get(id)]);
        await expectExactCohorts(world);
        await expectLedgers(world);
        kills += world.kills();
        await ground.close();
      }),
      { numRuns: engine === 'memory' ? 120 : 20, endOnFailure: true },
    );
    expect(kills).toBeGreaterThan(engine === 'memory' ? 100 : 10);
  }, 240_000);

  it('judges everybody once, by cuts that are exact when the models come into force', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, { minLength: 10, maxLength: 40 }),
        fc.array(
          anyStep.filter((step) => step.do !== 'publish'),
          { minLength: 5, maxLength: 40 },
        ),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom<BuildPhase>('waiting', 'visiting', 'draining'),
        fc.nat(),
        async (before, meanwhile, version, phase, seed) => {
          const ground = open();
          const world = await openWorld(ground, seed);
          const { plant } = world;
          await play(
            before.filter((step) => step.do !== 'publish'),
            world,
          );
          await settle(world);
          await world.publish(models[version]!);
          world.holdIn(phase);
          await play(meanwhile, world);
          for (let round = 0; round < 20; round += 1) {
            await plant.keepTime();
            await plant.drain();
          }
          const ledgers = await Promise.all(customers.map((each) => plant.customers.readLedger(tenant, each)));
          world.holdIn(undefined);
          await settle(world);
          for (const [i, customer] of customers.entries()) {
            const entries = (await plant.customers.readLedger(tenant, customer)).slice(ledgers[i]!.length);
            expect(entries.map(({ body }) => body?.cause.type)).toEqual(entries.length === 0 ? [] : ['model']);
          }
          await ground.close();
        },
      ),
      { numRuns: engine === 'memory' ? 100 : 15, endOnFailure: true },
    );
  }, 240_000);
});
