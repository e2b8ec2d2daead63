import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CohortId } from '#shared/domain/cohort.ts';
import type { NetMove } from '#shared/domain/cohort-head.ts';
import { type RankKey, scorePrefix } from '#shared/domain/rank-key.ts';
import {
  allRows,
  busyHead,
  type CohortStoreGround,
  drop,
  headOf,
  keyOf,
  moveOf,
  north,
  northward,
  placesOf,
} from './cohort-samples.ts';
import { acme, customerOf, other } from './customer-states.ts';

/** What every CohortStore promises. Each engine's test file runs this same list. */
export const cohortStoreContract = (engine: string, open: () => Promise<CohortStoreGround>): void => {
  const ground = async (): Promise<CohortStoreGround> => {
    const opened = await open();
    onTestFinished(() => opened.close());
    return opened;
  };

  describe(`CohortStore on ${engine}: heads`, () => {
    it('knows nothing of a cohort never written', async () => {
      const { store } = await ground();
      expect(await store.findHeads(acme, [north])).toEqual(new Map());
      expect(await store.findHeads(acme, [])).toEqual(new Map());
      expect(await placesOf(store, acme, ['a'])).toEqual([]);
      expect(await store.readRows(acme, north, { limit: 5 })).toEqual([]);
      expect(await store.listCohorts(acme, undefined, 5)).toEqual({ cohorts: [], next: undefined });
      expect(await store.dropCohort(acme, north, 5)).toBe(true);
    });

    it('gives heads back as they were put, also to a new instance', async () => {
      const { store, another } = await ground();
      const [first, second] = [busyHead(1), headOf(1, { cohort: northward })];
      expect(await store.putHead(acme, first)).toBe(true);
      expect(await store.putHead(acme, second)).toBe(true);
      const expected = new Map([
        [north, first],
        [northward, second],
      ]);
      expect(await store.findHeads(acme, [north, CohortId.parse('none'), northward])).toEqual(expected);
      expect(await (await another()).findHeads(acme, [northward, north])).toEqual(expected);
      expect(await store.findHeads(acme, [north])).toEqual(new Map([[north, first]]));
    });

    it('lets a head follow the one before it and no other', async () => {
      const { store } = await ground();
      expect(await store.putHead(acme, headOf(2))).toBe(false);
      expect(await store.putHead(acme, headOf(1))).toBe(true);
      expect(await store.putHead(acme, headOf(1, { members: 9 }))).toBe(false);
      expect(await store.putHead(acme, headOf(3))).toBe(false);
      expect(await store.putHead(acme, busyHead(2))).toBe(true);
      expect(await store.putHead(acme, headOf(3))).toBe(true);
      expect(await store.findHeads(acme, [north])).toEqual(new Map([[north, headOf(3)]]));
    });

    it('lets one of many writers of the same revision through', async () => {
      const { store, another } = await ground();
      const stores = [store, await another()] as const;
      for (const revision of [1, 2]) {
        const puts = [0, 1, 2, 3, 4, 5].map((index) =>
          stores[index % 2 === 0 ? 0 : 1].putHead(acme, headOf(revision, { members: index })),
        );
        expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
      }
    });

    it('lists cohorts a page at a time', async () => {
      const { store } = await ground();
      const cohorts = ['a', 'b', 'c', 'd', 'e'].map((name) => CohortId.parse(name));
      for (const cohort of cohorts) await store.putHead(acme, headOf(1, { cohort }));
      await store.putHead(other, headOf(1));
      for (const limit of [1, 2, 5, 9]) {
        const listed: CohortId[] = [];
        let after: string | undefined;
        do {
          const page = await store.listCohorts(acme, after, limit);
          expect(page.cohorts.length).toBeLessThanOrEqual(limit);
          listed.push(...page.cohorts);
          after = page.next;
        } while (after !== undefined);
        expect(listed.toSorted()).toEqual(cohorts);
      }
    });

    it('keeps tenants apart', async () => {
      const { store } = await ground();
      await store.putHead(acme, headOf(1));
      await store.applyMoves(acme, north, [moveOf('a', null, 1, 1)]);
      expect(await store.findHeads(other, [north])).toEqual(new Map());
      expect(await store.readRows(other, north, { limit: 5 })).toEqual([]);
      expect(await placesOf(store, other, ['a'])).toEqual([]);
      expect(await store.putHead(other, headOf(1))).toBe(true);
      await drop(store, other, north, 5);
      expect(await store.readRows(acme, north, { limit: 5 })).toEqual([keyOf('a', 1)]);
    });
  });

  describe(`CohortStore on ${engine}: members`, () => {
    it('has a row and a place of who is in, and a tombstone of who left', async () => {
      const { store, another } = await ground();
      await store.applyMoves(acme, north, [
        moveOf('a', null, 1, 1),
        moveOf('b', null, 2, 4),
        moveOf('c', null, null, 2),
      ]);
      await store.applyMoves(acme, north, [moveOf('a', 1, 3, 2), moveOf('b', 2, null, 5)]);
      for (const each of [store, await another()]) {
        expect(await each.readRows(acme, north, { limit: 5 })).toEqual([keyOf('a', 3)]);
        expect(await placesOf(each, acme, ['a', 'b', 'c', 'd'])).toEqual([
          [customerOf('a'), keyOf('a', 3), 2],
          [customerOf('b'), null, 5],
          [customerOf('c'), null, 2],
        ]);
      }
    });

    it('stays as it is when moves come again, and when a writer comes late with older ones', async () => {
      const { store } = await ground();
      const [first, second, third] = [
        [moveOf('a', null, 1, 1), moveOf('b', null, 7, 1)],
        [moveOf('a', 1, 2, 2), moveOf('b', 7, null, 2)],
        [moveOf('a', 2, 1, 3), moveOf('b', null, 7, 3)],
      ];
      for (const moves of [first, first, second, third, third]) await store.applyMoves(acme, north, moves);
      const expected = [
        [customerOf('a'), keyOf('a', 1), 3],
        [customerOf('b'), keyOf('b', 7), 3],
      ];
      for (const late of [[], first, second, third, second]) {
        await store.applyMoves(acme, north, late);
        expect(await store.readRows(acme, north, { limit: 5 })).toEqual([keyOf('b', 7), keyOf('a', 1)]);
        expect(await placesOf(store, acme, ['a', 'b'])).toEqual(expected);
      }
    });

    it('takes a move that changes nothing but the version', async () => {
      const { store } = await ground();
      await store.applyMoves(acme, north, [moveOf('a', null, 1, 1)]);
      await store.applyMoves(acme, north, [moveOf('a', 1, 1, 2)]);
      expect(await store.readRows(acme, north, { limit: 5 })).toEqual([keyOf('a', 1)]);
      expect(await placesOf(store, acme, ['a'])).toEqual([[customerOf('a'), keyOf('a', 1), 2]]);
    });

    it('reads rows between two keys, from either end', async () => {
      const { store } = await ground();
      const ids = ['a', 'b', 'é', '客户', 'x y', '|~%', 'A', 'z'];
      const keys = ids.map((id, place) => keyOf(id, 10 - Math.floor(place / 2))).sort();
      await store.applyMoves(
        acme,
        north,
        ids.map((id, place) => moveOf(id, null, 10 - Math.floor(place / 2), 1)),
      );
      const [, second, , fourth, , , seventh] = keys as [string, string, string, string, string, string, string];
      const read = (range: object) => store.readRows(acme, north, { limit: 9, ...range });
      expect(await read({})).toEqual(keys);
      expect(await read({ backwards: true })).toEqual(keys.toReversed());
      expect(await read({ after: second, upTo: seventh })).toEqual(keys.slice(2, 7));
      expect(await read({ after: second, upTo: seventh, backwards: true })).toEqual(keys.slice(2, 7).reverse());
      expect(await read({ after: second, upTo: seventh, limit: 2 })).toEqual(keys.slice(2, 4));
      expect(await read({ after: second, upTo: seventh, backwards: true, limit: 2 })).toEqual([keys[6], keys[5]]);
      expect(await read({ upTo: fourth, backwards: true, limit: 1 })).toEqual([fourth]);
      expect(await read({ after: fourth, limit: 1 })).toEqual([keys[4]]);
      expect(await read({ after: keys.at(-1) })).toEqual([]);
      expect(await read({ after: fourth, upTo: fourth })).toEqual([]);
      // bounds need not be rows: what all keys of a score begin with, and what comes after them
      const nine = scorePrefix(keyOf('a', 9));
      expect(await read({ after: nine, upTo: `${nine}~` })).toEqual(keys.slice(2, 4));
      expect(await read({ after: '', upTo: '~' })).toEqual(keys);
    });

    it('takes more moves at once, and reads more rows, than a request of any engine holds', async () => {
      const { store } = await ground();
      const moves = Array.from({ length: 250 }, (_, index) =>
        moveOf(`${index}-${'客'.repeat(80)}`, null, (index * 37) % 250, 1),
      );
      await store.applyMoves(acme, north, moves);
      const keys = moves.map(({ key }) => key).sort();
      expect(await store.readRows(acme, north, { limit: 500 })).toEqual(keys);
      expect(await allRows(store, acme, { limit: 70 })).toEqual(keys);
      expect(await store.readRows(acme, north, { limit: 230, backwards: true })).toEqual(
        keys.toReversed().slice(0, 230),
      );
      const places = await store.findPlaces(
        acme,
        north,
        moves.map(({ customer }) => customer),
      );
      expect(places.size).toBe(250);
    });

    it('comes to the newest move of each customer, whatever comes again in between', async () => {
      await fc.assert(
        fc.asyncProperty(anyHistory, async (history) => {
          const opened = await open();
          const now = new Map<string, { key: RankKey | null; score: number | null; version: number }>();
          const batches: (readonly NetMove[])[] = [];
          try {
            for (const { moves, again } of history) {
              const batch = moves.map(({ id, score }) => {
                const known = now.get(id);
                const version = (known?.version ?? 0) + 1;
                const move = moveOf(id, known?.score ?? null, score, version);
                now.set(id, { key: move.key, score, version });
                return move;
              });
              batches.push(batch);
              await opened.store.applyMoves(acme, north, batch);
              await opened.store.applyMoves(acme, north, batches[again % batches.length] ?? []);
            }
            const keys = [...now.values()].flatMap(({ key }) => key ?? []).sort();
            expect(await allRows(opened.store, acme, { limit: 3 })).toEqual(keys);
            expect(await placesOf(opened.store, acme, [...now.keys()])).toEqual(
              [...now].map(([id, { key, version }]) => [customerOf(id), key, version]).sort(),
            );
          } finally {
            await opened.close();
          }
        }),
        { numRuns: engine === 'memory' ? 100 : 10 },
      );
    });
  });

  describe(`CohortStore on ${engine}: dropping`, () => {
    it('leaves nothing of a cohort, and others as they are', async () => {
      const { store } = await ground();
      const moves = ['a', 'b', 'c', 'd', 'e'].map((id, index) => moveOf(id, null, index === 2 ? null : index, 1));
      for (const cohort of [north, northward]) {
        await store.putHead(acme, headOf(1, { cohort }));
        await store.applyMoves(acme, cohort, moves);
      }
      expect(await drop(store, acme, north, 2)).toBeGreaterThan(1);
      expect(await store.findHeads(acme, [north, northward])).toEqual(
        new Map([[northward, headOf(1, { cohort: northward })]]),
      );
      expect(await store.readRows(acme, north, { limit: 9 })).toEqual([]);
      expect(await placesOf(store, acme, ['a', 'b', 'c', 'd', 'e'])).toEqual([]);
      expect((await store.listCohorts(acme, undefined, 9)).cohorts).toEqual([northward]);
      expect(await store.readRows(acme, northward, { limit: 9 })).toHaveLength(4);
      expect(await placesOf(store, acme, ['a', 'c'], northward)).toHaveLength(2);
    });

    it('finds a cohort that is dropped in part until all of it is gone', async () => {
      const { store } = await ground();
      await store.putHead(acme, headOf(1));
      await store.applyMoves(acme, north, [moveOf('a', null, 1, 1), moveOf('b', null, 2, 1), moveOf('c', null, 3, 1)]);
      expect(await store.dropCohort(acme, north, 1)).toBe(false);
      expect((await store.listCohorts(acme, undefined, 9)).cohorts).toEqual([north]);
      await drop(store, acme, north, 1);
      expect((await store.listCohorts(acme, undefined, 9)).cohorts).toEqual([]);
    });

    it('lets a dropped cohort begin again', async () => {
      const { store } = await ground();
      await store.putHead(acme, headOf(1));
      await store.applyMoves(acme, north, [moveOf('a', null, 1, 9)]);
      await drop(store, acme, north, 5);
      expect(await store.putHead(acme, headOf(1))).toBe(true);
      await store.applyMoves(acme, north, [moveOf('a', null, 2, 1)]);
      expect(await store.readRows(acme, north, { limit: 5 })).toEqual([keyOf('a', 2)]);
    });
  });
};

const anyHistory = fc.array(
  fc.record({
    moves: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        score: fc.option(fc.integer({ min: -3, max: 3 })),
      }),
      { selector: ({ id }) => id, maxLength: 4 },
    ),
    again: fc.nat(20),
  }),
  { maxLength: 12 },
);
