import { describe, expect, it } from 'vitest';
import { memoryCohortStore } from '#shared/adapters/memory/cohort-store.ts';
import { topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { CohortId, type CohortMove, type CohortSpec } from '#shared/domain/cohort.ts';
import type { CohortHead } from '#shared/domain/cohort-head.ts';
import { CustomerEvent } from '#shared/domain/event.ts';
import { TenantId } from '#shared/domain/ids.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import type { CohortStore } from '#shared/ports/cohort-store.ts';
import type { Received } from '#shared/ports/stream.ts';
import { rankCohorts } from '#shared/usecases/rank-cohorts.ts';
import { keyOf, north } from '../contract/cohort-samples.ts';
import { customerOf, firstInstant } from '../contract/customer-states.ts';
import { failing } from '../kit/failing.ts';
import { fixedSpecs } from '../kit/fixed-models.ts';
import { specOf } from '../kit/hand-cohort.ts';
import { type HandStream, handStream } from '../kit/hand-stream.ts';
import { tenant } from '../kit/plant.ts';
import { spying } from '../kit/spying.ts';

const south = CohortId.parse('abc:3f2a9c01d4e7:wholesale:south');
const retired = CohortId.parse('old:1');

const moveOf = (id: string, score: number | null, version = 1, more: Partial<CohortMove> = {}): CohortMove => ({
  ...{ tenant, cohort: north, customer: customerOf(id), version, at: firstInstant },
  key: score === null ? null : keyOf(id, score),
  zone: score === null ? null : 0,
  ...more,
});

const batchOf = (moves: readonly CohortMove[], from = 0): readonly Received[] =>
  moves.map((move, index) => ({
    ...{ topic: topics.cohorts, partition: 0, offset: from + index, key: move.cohort, at: firstInstant },
    value: encodeCloudEvent({ id: `m${index}`, source: 's', type: 't', data: move }, firstInstant),
  }));

const four = ['a', 'b', 'c', 'd'].map((id, index) => moveOf(id, 40 - 10 * index, 1, { zone: index < 2 ? 0 : 1 }));

interface BenchSettings {
  readonly cohorts?: CohortStore;
  readonly stream?: HandStream;
  readonly spec?: CohortSpec;
}

const bench = ({
  cohorts = memoryCohortStore(),
  stream = handStream(() => firstInstant),
  spec = specOf({ thresholds: ['0.5'] }),
}: BenchSettings = {}) => {
  const parked: string[] = [];
  const counted: Record<string, number> = {};
  const rank = rankCohorts({
    ...{ tenant, cohorts, stream },
    specs: fixedSpecs((cohort) => (cohort === retired ? undefined : spec)),
    park: async (_, reason, detail) => void parked.push(`${reason}: ${detail}`),
    metrics: {
      count: (stage, what, by) => {
        counted[`${stage} ${what}`] = (counted[`${stage} ${what}`] ?? 0) + by;
      },
      level: () => undefined,
      took: () => undefined,
    },
  });
  return {
    ...{ cohorts, stream, parked, counted, rank },
    headOf: async (cohort = north): Promise<CohortHead | undefined> =>
      (await cohorts.findHeads(tenant, [cohort])).get(cohort),
    reviews: () =>
      stream.read(topics.events).map(({ key, at, value }) => {
        const { id, type, data } = JSON.parse(value) as { id: string; type: string; data: unknown };
        return { key, at, id, type, data: CustomerEvent.parse(data) };
      }),
  };
};

describe('ranking a batch of moves', () => {
  it('asks the store for as little as it takes', async () => {
    const calls: string[] = [];
    const { rank, headOf } = bench({ cohorts: spying('', memoryCohortStore(), calls) });
    expect(await rank(batchOf(four))).toEqual([]);
    const atLeast = ['.findHeads', '.findPlaces', '.putHead', '.applyMoves'];
    // rows next to the cut, and after the last put those of whom a review is asked for
    expect(calls).toEqual([...atLeast, '.readRows', '.putHead', '.readRows']);
    expect(await headOf()).toMatchObject({ revision: 2, version: 1, members: 4, cuts: [{ key: keyOf('b', 30) }] });
    calls.length = 0;
    await rank(batchOf([moveOf('a', 45, 2), moveOf('d', 5, 2, { zone: 1 })]));
    expect(calls).toEqual([...atLeast, '.putHead']);
  });

  it('sends a review, with the cuts to decide by, to whoever was displaced and to whoever was judged by others', async () => {
    const { rank, reviews } = bench();
    await rank(batchOf(four));
    expect(reviews().map(({ key }) => key)).toEqual([customerOf('a'), customerOf('b')]);
    await rank(batchOf([moveOf('d', 50, 2, { at: firstInstant + 5 }), moveOf('a', 60, 2, { zone: 1 })]));
    const cuts = { cohort: north, version: 2, members: 4, cuts: [{ key: keyOf('d', 50) }] };
    const review = (id: string, cohort: object) => ({
      key: customerOf(id),
      at: firstInstant + 5,
      id: `${customerOf(id)}:${north}:2`,
      type: 'regrade.review.requested',
      data: { kind: 'review.requested', tenant, customer: customerOf(id), asOf: firstInstant + 5, cohort },
    });
    expect(reviews().slice(2)).toEqual([
      review('a', { cuts }),
      review('b', { cuts, displacement: { threshold: 0, from: 30, to: 50, passed: 1 } }),
    ]);
  });

  it('counts what came, what was known, what was asked for, and how many rows were looked at for it', async () => {
    const { rank, counted } = bench();
    await rank(batchOf(four));
    await rank(batchOf([...four, moveOf('d', 50, 2)], 4));
    expect(counted).toEqual({
      'rank-cohorts in': 9,
      'rank-cohorts duplicate': 4,
      'rank-cohorts out': 3,
      'rank-cohorts rows-read': 2 + 2,
    });
  });

  it('says and writes nothing when a batch comes again', async () => {
    const calls: string[] = [];
    const { rank, reviews } = bench({ cohorts: spying('', memoryCohortStore(), calls) });
    await rank(batchOf(four));
    const said = reviews();
    calls.length = 0;
    expect(await rank(batchOf(four))).toEqual([]);
    expect(calls).toEqual(['.findHeads', '.findPlaces', '.findHeads']);
    expect(reviews()).toEqual(said);
  });

  it('moves each cohort by itself', async () => {
    const { rank, headOf } = bench();
    await rank(batchOf([...four, moveOf('e', 1, 1, { cohort: south }), moveOf('a', null, 2)]));
    expect([(await headOf())?.members, (await headOf(south))?.members]).toEqual([3, 1]);
  });

  it('parks what is no move, and what is another tenant’s; drops moves of a model nobody grades by', async () => {
    const { rank, parked, counted, headOf } = bench();
    const odd = { ...batchOf(four)[0]!, value: '{}' };
    const foreign = moveOf('x', 1, 1, { tenant: TenantId.parse('other') });
    expect(await rank([odd, ...batchOf([foreign, moveOf('y', 1, 1, { cohort: retired })])])).toEqual([]);
    expect(parked).toEqual([
      expect.stringMatching(/^unreadable-move: not a CloudEvent/),
      'unreadable-move: tenant other is none of ours',
    ]);
    expect(counted['rank-cohorts rejected']).toBe(1);
    expect([await headOf(), await headOf(retired)]).toEqual([undefined, undefined]);
  });

  it('has nothing to do for an empty batch', async () => {
    const calls: string[] = [];
    await bench({ cohorts: spying('', memoryCohortStore(), calls) }).rank([]);
    expect(calls).toEqual([]);
  });

  it('writes no head of 100 KB, however many moves come and however long their ids are', async () => {
    const store = memoryCohortStore();
    let largest = 0;
    const measured: CohortStore = {
      ...store,
      putHead: async (...args) => {
        largest = Math.max(largest, Buffer.byteLength(JSON.stringify(args[1])));
        return store.putHead(...args);
      },
    };
    const { rank, headOf } = bench({ cohorts: measured });
    const moves = Array.from({ length: 700 }, (_, index) =>
      moveOf(`${index}${(index % 2 === 0 ? '客' : '"').repeat(index < 350 ? 2 : 170)}`, index),
    );
    await rank(batchOf(moves));
    expect((await headOf())?.members).toBe(700);
    expect(largest).toBeGreaterThan(50_000);
    expect(largest).toBeLessThan(100_000);
  });

  it('asks for more reviews than a page holds when everybody is displaced', async () => {
    const spec = specOf({ thresholds: ['0.5'], minPopulation: 1_201 });
    const { rank, reviews } = bench({ spec });
    await rank(batchOf(Array.from({ length: 1_200 }, (_, index) => moveOf(`c${index}`, index, 1, { zone: -1 }))));
    expect(reviews()).toEqual([]);
    await rank(batchOf([moveOf('last', 5, 1, { zone: -1 })]));
    expect(new Set(reviews().map(({ key }) => key)).size).toBe(1_201);
    expect(reviews()).toHaveLength(1_201);
  });
});

describe('a stop while cohorts are ranked', () => {
  it.each([
    ['putHead', 'before'],
    ['putHead', 'after'],
    ['applyMoves', 'before'],
    ['applyMoves', 'after'],
    ['readRows', 'after'],
  ] as const)('%s (%s) gives the batch back, and is healed by whoever comes next', async (method, when) => {
    const store = memoryCohortStore();
    const { rank, stream, counted } = bench({ cohorts: failing(store, method, when) });
    const batch = batchOf(four);
    expect(await rank(batch)).toEqual(batch);
    expect(counted['rank-cohorts retried']).toBe(4);
    const next = bench({ cohorts: store, stream });
    expect(await next.rank(batchOf([moveOf('e', 1, 1, { zone: 1 })], 9))).toEqual([]);
    expect(await next.rank(batch)).toEqual([]);
    expect(await next.headOf()).toMatchObject({ members: 5, cuts: [{ key: keyOf('c', 20), above: 3 }] });
    expect(next.reviews().map(({ key }) => key)).toContain(customerOf('c'));
  });

  it('between the last put and its reviews: they go out before anything else', async () => {
    const store = memoryCohortStore();
    const stream = handStream(() => firstInstant);
    const { rank } = bench({ cohorts: store, stream: failing(stream, 'append', 'before') });
    expect(await rank(batchOf(four))).toHaveLength(4);
    expect(stream.read(topics.events)).toEqual([]);
    const calls: string[] = [];
    const next = bench({ cohorts: spying('store', store, calls), stream: spying('stream', stream, calls) });
    await next.rank(batchOf([moveOf('e', 1, 1, { zone: 1 })]));
    expect(calls.slice(0, 4)).toEqual(['store.findHeads', 'store.readRows', 'stream.append', 'store.findPlaces']);
    expect(next.reviews()[0]?.id).toBe(`${customerOf('a')}:${north}:1`);
  });

  it('after they went out: another worker, who cannot know, sends the same again; the same one does not', async () => {
    const { rank, reviews, stream, cohorts } = bench();
    await rank(batchOf(four));
    const ids = reviews().map(({ id }) => id);
    await rank(batchOf(four));
    expect(reviews().map(({ id }) => id)).toEqual(ids);
    await bench({ cohorts, stream }).rank(batchOf(four));
    expect(reviews().map(({ id }) => id)).toEqual([...ids, ...ids]);
  });
});

describe('two rankers of one cohort', () => {
  /** The store, with a rival who ranks `moves` ahead of the put with this number. */
  const rivalAheadOf = (put: number, moves: readonly CohortMove[]) => {
    const stream = handStream(() => firstInstant);
    const store = memoryCohortStore();
    const rival = bench({ cohorts: store, stream });
    let puts = 0;
    const contested: CohortStore = {
      ...store,
      putHead: async (...args) => {
        puts += 1;
        if (puts === put) await rival.rank(batchOf(moves));
        return store.putHead(...args);
      },
    };
    return { ...bench({ cohorts: contested, stream }), rival };
  };

  it.each([1, 2])('both get their moves in when one is overtaken at its put %i', async (put) => {
    const { rank, headOf, reviews } = rivalAheadOf(put, [moveOf('e', 1, 1, { zone: 1 })]);
    expect(await rank(batchOf(four))).toEqual([]);
    expect(await headOf()).toMatchObject({ members: 5, cuts: [{ key: keyOf('c', 20), above: 3 }] });
    // what the rival had said may be said again, in the same words: who lost cannot know that it was
    const said = new Map(reviews().map((review) => [review.id, review]));
    for (const review of reviews()) expect(review).toEqual(said.get(review.id));
    expect([...said.keys()]).toContain(`${customerOf('c')}:${north}:2`);
  });

  it('leave nothing open when one dies that has put in all that the other one brings', async () => {
    const stream = handStream(() => firstInstant);
    const store = memoryCohortStore();
    const rival = bench({ cohorts: failing(store, 'applyMoves', 'after'), stream });
    let looks = 0;
    const contested: CohortStore = {
      ...store,
      findPlaces: async (...args) => {
        looks += 1;
        if (looks === 1) expect(await rival.rank(batchOf(four))).toHaveLength(4);
        return store.findPlaces(...args);
      },
    };
    const { rank, headOf, reviews } = bench({ cohorts: contested, stream });
    expect(await rank(batchOf(four))).toEqual([]);
    expect(await headOf()).toMatchObject({ members: 4, cuts: [{ key: keyOf('b', 30), above: 2 }] });
    expect((await headOf())?.open).toBeUndefined();
    expect(reviews()).not.toEqual([]);
  });

  it('do not fight for ever: the moves come again', async () => {
    const store = memoryCohortStore();
    let tries = 0;
    const always: CohortStore = { ...store, putHead: async () => (tries += 1) === 0 };
    const batch = batchOf(four);
    expect(await bench({ cohorts: always }).rank(batch)).toEqual(batch);
    expect(tries).toBe(8);
  });
});

describe('a store that fails in one cohort', () => {
  const failingIn = (error: Error): CohortStore => {
    const store = memoryCohortStore();
    return {
      ...store,
      applyMoves: async (...args) => (args[1] === south ? Promise.reject(error) : store.applyMoves(...args)),
    };
  };
  const batch = batchOf([four[0]!, moveOf('x', 1, 1, { cohort: south }), four[1]!]);

  it('holds up that one alone', async () => {
    const { rank, headOf } = bench({
      cohorts: failingIn(new PipelineError('STORE_UNAVAILABLE', 'throttled', { retryable: true })),
    });
    expect(await rank(batch)).toEqual([batch[1]]);
    expect((await headOf())?.members).toBe(2);
  });

  it('has moves put aside that it will never take', async () => {
    const { rank, parked } = bench({
      cohorts: failingIn(new PipelineError('STORE_CORRUPT', 'unreadable', { retryable: false })),
    });
    expect(await rank(batch)).toEqual([]);
    expect(parked).toEqual(['unstorable-cohort: unreadable']);
  });

  it('fails as a whole where nothing can be read', async () => {
    const { rank } = bench({ cohorts: failing(memoryCohortStore(), 'findHeads', 'before') });
    await expect(rank(batch)).rejects.toMatchObject({ retryable: true });
  });
});
