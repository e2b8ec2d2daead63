import { describe, expect, it } from 'vitest';
import { topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import type { CustomerEvent } from '#shared/domain/event.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import type { BuildPhase } from '#shared/domain/model-pointer.ts';
import { type InForce, specsInForce } from '#shared/grading/in-force.ts';
import { Model } from '#shared/grading/model.ts';
import { auditCohort } from '#shared/usecases/audit-cohort.ts';
import { type KnownModel, modelsInForce } from '#shared/usecases/models-in-force.ts';
import { publishModels } from '#shared/usecases/publish-models.ts';
import { adoptFiles, requestPublication, requestRollback } from '#shared/usecases/request-publication.ts';
import { buildPlant, memoryGround, plantStart, shop, tenant } from '../kit/plant.ts';
import { modelOf } from '../kit/publishing-world.ts';

const day = 86_400_000;
const ids = Array.from({ length: 10 }, (_, i) => CustomerId.parse(`account:shop:${i}`));
const asked = { at: plantStart, by: 'Ann', why: 'new cuts', alerts: 'suppress' as const };
const rules = { a: 2, b: 5, byRegion: true, method: 'rank', days: 40 } as const;
const first = modelOf(1, rules);
const second = modelOf(2, { ...rules, a: 4, b: 7, byRegion: false });
const flat = modelOf(3, { ...rules, a: 5, b: 20, byRegion: false, method: 'absolute' });

const bench = async (model: KnownModel = first) => {
  const ground = memoryGround();
  const models = modelsInForce({
    ...{ tenant, registry: ground.registry, wallNow: () => 0, cacheMs: Number.POSITIVE_INFINITY },
  });
  await adoptFiles(dependsOn(ground))([model], { ...asked, by: 'start', why: 'first start' });
  // what the stages go by, where a test has them go by what they read once
  let read: InForce | undefined;
  const reader = { current: async () => read ?? models.current(), reload: models.reload };
  const plant = await buildPlant(ground, { graders: [], models: reader });
  let source = 0;
  const tell = async (
    customer: CustomerId,
    of: 'region' | 'invoice',
    value: string | number,
    drains = true,
  ): Promise<void> => {
    source += 1;
    const common = { tenant, customer, version: { assignment: 1, source, read: source }, trace: 't' };
    const record = { connection: shop, object: of, id: `${customer}-${of}` };
    const fact = {
      type: 'invoice.paid',
      at: plantStart - day,
      amount: { units: Number(value), scale: 0, currency: 'GBP' },
    };
    const event: CustomerEvent =
      of === 'region'
        ? { ...common, kind: 'record.asserted', record, attributes: { region: value }, facts: [] }
        : { ...common, kind: 'record.asserted', record, attributes: {}, facts: [fact] };
    const id = `e${source}`;
    await plant.stream.append(topics.events, [
      { key: customer, value: encodeCloudEvent({ id, source: 's', type: 't', data: event }, plantStart) },
    ]);
    if (drains) await plant.drain();
  };
  for (const [i, id] of ids.entries()) {
    await tell(id, 'region', i % 2 === 0 ? 'north' : 'south');
    await tell(id, 'invoice', (i + 1) * 100);
  }
  /** Carries on up to a phase, or to the end. */
  const carry = async (upTo?: BuildPhase, pages = 0): Promise<void> => {
    let asks = 0;
    const held = async (): Promise<boolean> => {
      const building = (await ground.registry.readPointer(tenant))?.building;
      asks += building?.phase === upTo ? 1 : 0;
      return building?.phase === upTo && asks > pages;
    };
    await publishModels({
      ...{ ...ground, tenant, models, cacheMs: 0, mostUnread: 4, lookMs: 1, reviewedAsOf: () => plantStart },
      summarise: async () => undefined,
      pause: async () => {
        await plant.drain();
        return !(upTo !== undefined && (await held()));
      },
    })();
    await plant.drain();
  };
  const ledgers = async () => {
    const all = await Promise.all(ids.map((id) => ground.customers.readLedger(tenant, id)));
    return all.map((entries) => entries.flatMap(({ body }) => body ?? []));
  };
  return {
    ...{ ground, plant, models, tell, carry, ledgers },
    goBy: (inForce: InForce | undefined) => {
      read = inForce;
    },
    publish: (model: KnownModel) => requestPublication(dependsOn(ground))([model], asked, { whole: true }),
    rollback: (version?: number) =>
      requestRollback(dependsOn(ground))(asked, version === undefined ? undefined : { version }),
    pointer: async () => ground.registry.readPointer(tenant),
    grades: async () => {
      const states = await ground.customers.findAll(tenant, ids);
      return ids.map((id) => states.get(id)?.grades['ranked']?.grade).join('');
    },
    expectExact: async () => {
      const specOf = specsInForce(await models.reload());
      const { cohorts } = await ground.cohorts.listCohorts(tenant, undefined, 100);
      const states = await ground.customers.findAll(tenant, ids);
      const told = [...states.values()].map(({ grades }) => grades['ranked']?.rank?.key);
      const rows = await Promise.all(cohorts.map((each) => ground.cohorts.readRows(tenant, each, { limit: 100 })));
      expect(rows.flat().sort()).toEqual(told.filter((key) => key !== undefined).sort());
      const audit = auditCohort({ tenant, cohorts: ground.cohorts, specOf, pause: async () => true });
      for (const each of cohorts) expect(await audit(each)).toMatchObject({ outcome: 'exact' });
    },
  };
};

const dependsOn = ({ registry }: Pick<ReturnType<typeof memoryGround>, 'registry'>) => ({ tenant, registry });

describe('publishing a model', () => {
  it('moves everybody once, with the cause that says who and why, and drops what nobody needs', async () => {
    const { publish, carry, grades, ledgers, pointer, expectExact, ground } = await bench();
    // by region the best fifth of five is one, and the best half three
    expect(await grades()).toBe('CCCCBBBBAA');
    expect(await publish(second)).toMatchObject({ outcome: 'begun' });
    await carry();
    expect(await grades()).toBe('CCCBBBAAAA');
    const moved = (await ledgers()).map((bodies) => bodies.filter(({ cause }) => cause.type === 'model'));
    expect(moved.map((bodies) => bodies.map(({ from, to }) => `${from}${to}`).join())).toEqual([
      ...['', '', '', 'CB', '', '', 'BA', 'BA', '', ''],
    ]);
    expect(moved[3]?.[0]?.cause).toEqual({ type: 'model', epoch: 2, by: 'Ann', why: 'new cuts', alerts: 'suppress' });
    expect(await pointer()).toMatchObject({ live: { epoch: 2 }, past: [{ epoch: 1, by: 'start' }] });
    expect((await pointer())?.building).toBeUndefined();
    const { cohorts } = await ground.cohorts.listCohorts(tenant, undefined, 100);
    expect(cohorts).toEqual([`ranked:${second.hash.slice(0, 12)}.2:`]);
    await expectExact();
  });

  it('builds nothing where nobody is ranked', async () => {
    const { publish, carry, grades, ground } = await bench();
    await publish(flat);
    await carry();
    expect(await grades()).toBe('CBBBAAAAAA');
    expect(await ground.cohorts.listCohorts(tenant, undefined, 100)).toEqual({ cohorts: [], next: undefined });
  });

  it('says so when the very same grades already, when another is under way, and before the first start', async () => {
    const { publish } = await bench();
    expect(await publish(first)).toEqual({ outcome: 'live', epoch: 1 });
    await publish(second);
    expect(await publish(flat)).toEqual({ outcome: 'under-way', epoch: 2 });
    const empty = memoryGround();
    const request = requestPublication({ tenant, registry: empty.registry });
    expect(await request([first], asked, { whole: true })).toEqual({ outcome: 'not-started' });
  });

  it('refuses another content under a number that was published', async () => {
    const { publish, pointer } = await bench();
    expect(await publish(modelOf(1, { ...rules, a: 3 }))).toMatchObject({
      outcome: 'taken',
      stored: { id: 'ranked', version: 1, by: 'start' },
    });
    expect((await pointer())?.newest).toBe(1);
  });

  it('leaves the grades alone while it is built, and goes on with live events', async () => {
    const { publish, carry, grades, tell, ledgers } = await bench();
    await publish(second);
    await carry('draining');
    await tell(ids[0]!, 'invoice', 5_000);
    expect(await grades()).toBe('ACCCCBBBBA');
    expect((await ledgers()).flat().some(({ cause }) => cause.type === 'model')).toBe(false);
    await carry();
    expect(await grades()).toBe('ACCCBBBAAA');
  });
});

describe('whoever has not heard yet', () => {
  it('of the models that grade now ranks for them all the same, and tells who was displaced', async () => {
    const { publish, carry, models, goBy, tell, ground, plant, grades, expectExact } = await bench();
    await publish(second);
    await carry('draining');
    const before = await models.reload();
    await carry();
    expect(await grades()).toBe('CCCBBBAAAA');
    await tell(ids[0]!, 'invoice', 5_000, false);
    await ground.work('grade-customers');
    goBy(before);
    await ground.work('rank-cohorts');
    goBy(undefined);
    await plant.drain();
    expect(await grades()).toBe('ACCCBBBAAA');
    await expectExact();
  });

  it('of an epoch reads again before it decides for a customer who has, and before it drops a move', async () => {
    const { publish, carry, models, goBy, tell, grades, expectExact, ground } = await bench();
    const before = await models.current();
    await publish(second);
    await carry();
    goBy(before);
    await tell(ids[0]!, 'invoice', 5_000);
    expect(await grades()).toBe('ACCCBBBAAA');
    const states = await ground.customers.findAll(tenant, ids);
    expect([...states.values()].map(({ epoch }) => epoch)).toEqual(ids.map(() => 2));
    goBy(undefined);
    await expectExact();
  });
});

describe('going back', () => {
  it('gives up what is being built, and nobody was touched', async () => {
    const { publish, carry, rollback, grades, ledgers, expectExact, pointer } = await bench();
    await publish(second);
    await carry('draining');
    expect(await rollback()).toEqual({ outcome: 'given-up', epoch: 2 });
    await carry();
    expect(await grades()).toBe('CCCCBBBBAA');
    expect((await ledgers()).flat().some(({ cause }) => cause.type === 'model')).toBe(false);
    await expectExact();
    // the number of what was given up does not come again
    await publish(second);
    expect((await pointer())?.coming?.epoch).toBe(3);
    await carry();
    expect(await grades()).toBe('CCCBBBAAAA');
    await expectExact();
  });

  it('brings the content before back as a new epoch', async () => {
    const { publish, carry, rollback, grades, pointer, expectExact } = await bench();
    await publish(second);
    await carry();
    expect(await rollback()).toMatchObject({ outcome: 'begun' });
    await carry();
    expect(await grades()).toBe('CCCCBBBBAA');
    expect(await pointer()).toMatchObject({
      live: { epoch: 3, models: [{ version: 1, hash: first.hash, born: 3 }] },
      past: [{ epoch: 2 }, { epoch: 1 }],
    });
    await expectExact();
  });

  it('while customers are still being moved takes back those who were, and leaves the others as they are', async () => {
    const { publish, carry, rollback, grades, ledgers, tell, expectExact } = await bench();
    await publish(second);
    await carry('moving', 4);
    const half = await grades();
    expect(half).not.toBe('CCCCBBBBAA');
    expect(half).not.toBe('CCCBBBAAAA');
    await rollback();
    await tell(ids[9]!, 'region', 'north');
    await carry();
    expect(await grades()).toBe('CCCCCBBAAA');
    for (const bodies of await ledgers()) {
      const epochs = bodies.flatMap(({ cause }) => (cause.type === 'model' ? [cause.epoch] : []));
      expect(new Set(epochs).size).toBe(epochs.length);
    }
    await expectExact();
  });

  it('goes to a version by its number, and says what it cannot', async () => {
    const { publish, carry, rollback, pointer } = await bench();
    expect(await rollback()).toEqual({ outcome: 'nothing-before' });
    await publish(second);
    await carry();
    await publish(flat);
    await carry();
    expect(await rollback(9)).toEqual({ outcome: 'unknown-version' });
    expect(await rollback(1)).toMatchObject({ outcome: 'begun' });
    await carry();
    expect((await pointer())?.live.models).toMatchObject([{ version: 1 }]);
  });
});

describe('a published version', () => {
  it('keeps the order in which its author named grades and tags', async () => {
    const { model } = flat;
    const [a, b, ...rest] = model.grades;
    const named = {
      ...model,
      grades: [{ ...a!, id: 'platinum' }, { ...b!, id: 'gold' }, ...rest],
      cutoffs: { method: 'absolute' as const, atLeast: { platinum: 500, gold: 200 } },
      tags: { zone: { field: 'region' }, area: { field: 'region' } },
    };
    const { ground } = await bench({ model: named, hash: 'hash-of-named' });
    const [version] = await ground.registry.findVersions(tenant, [{ id: named.id, version: named.version }]);
    const read = Model.parse(JSON.parse(version?.content ?? ''));
    expect(Object.keys(read.tags)).toEqual(['zone', 'area']);
    expect(read).toEqual(named);
  });
});

describe('a start', () => {
  it('publishes the files once, and tells files that were replaced from files that are new', async () => {
    const { ground, publish, carry, rollback } = await bench();
    const adopt = adoptFiles(dependsOn(ground));
    expect(await adopt([first], asked)).toEqual({ outcome: 'same' });
    expect(await adopt([second], asked)).toEqual({ outcome: 'new' });
    await publish(second);
    expect(await adopt([second], asked)).toEqual({ outcome: 'same' });
    await carry();
    expect(await adopt([first], asked)).toMatchObject({ outcome: 'older', epoch: 2 });
    await rollback();
    await carry();
    // the file that was rolled back is not published again by a restart
    expect(await adopt([second], asked)).toMatchObject({ outcome: 'older', epoch: 3 });
  });
});
