import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CohortSpec } from '#shared/domain/cohort.ts';
import { customerOf } from '../contract/customer-states.ts';
import { rankFromScratch } from '../kit/cohort-reference.ts';
import { type HandMove, handCohort, specOf } from '../kit/hand-cohort.ts';

const scores = (...of: readonly number[]): HandMove[] =>
  of.map((score, index) => [String.fromCharCode(97 + index), score]);

describe('cuts by rank', () => {
  it('take in the first ⌈p·N⌉ members', () => {
    const cohort = handCohort(specOf());
    const { members, cuts } = cohort.move(scores(70, 60, 50, 40, 30, 20, 10));
    expect([members, cuts.map(({ above }) => above)]).toEqual([7, [2, 4]]);
    expect(cohort.inside()).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c', 'd'],
    ]);
  });

  it.each([
    ['0.07', 100, 7],
    ['0.55', 100, 55],
    ['0.2', 4_372, 875],
    ['0.5', 4_372, 2_186],
    ['0.2', 3, 1],
    ['1', 3, 3],
    ['1.05', 3, 3],
    ['0.3333333333333333', 3, 1],
  ])('count in whole numbers: %s of %i are %i', (threshold, members, above) => {
    const cohort = handCohort(specOf({ thresholds: [threshold] }));
    const { cuts } = cohort.move(Array.from({ length: members }, (_, index) => [`c${index}`, index]));
    expect(cuts.map((cut) => cut.above)).toEqual([above]);
  });

  it('displace one member per cut at most when one customer moves, for two rows read', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(30), fc.option(fc.nat(5))), { maxLength: 60 }), (moves) => {
        const cohort = handCohort(specOf({ thresholds: ['0.1', '0.15', '0.5', '0.6'] }));
        cohort.move(Array.from({ length: 31 }, (_, index) => [`c${index}`, index % 6]));
        for (const [who, score] of moves) {
          const { rowsRead } = cohort.move([[`c${who}`, score]]);
          expect(cohort.displaced().filter((name) => name !== `c${who}`).length).toBeLessThanOrEqual(4);
          expect(rowsRead).toBeLessThanOrEqual(8);
        }
      }),
    );
  });

  it('tell who was passed, and by how much', () => {
    const cohort = handCohort(specOf({ thresholds: ['0.5'] }));
    cohort.move(scores(40, 30, 20, 10));
    const { owed } = cohort.move([['d', 50, 0]]);
    expect(cohort.displaced()).toEqual(['b']);
    expect(owed?.ranges.map(({ displacement }) => displacement)).toEqual([
      { threshold: 0, from: 30, to: 40, passed: 1 },
    ]);
    expect(owed?.customers).toEqual([]);
  });

  it('stay, and read nothing, when moves leave everybody on the same side', () => {
    const cohort = handCohort(specOf({ thresholds: ['0.5'] }));
    const before = cohort.move(scores(40, 30, 20, 10));
    const after = cohort.move([
      ['a', 35],
      ['d', 15, 1],
    ]);
    expect(after).toMatchObject({ version: before.version + 1, cuts: before.cuts, rowsRead: 0 });
    expect(after.owed).toBeUndefined();
  });

  it('are at a member who is there: when that one moves up, at the one before', () => {
    const cohort = handCohort(specOf({ thresholds: ['0.5'] }));
    cohort.move(scores(40, 30, 20, 10));
    const { cuts, rowsRead, owed } = cohort.move([['b', 50]]);
    expect([cohort.inside(), cuts[0]?.above, rowsRead]).toEqual([[['b', 'a']], 2, 1]);
    expect(owed).toBeUndefined();
  });

  it('are nowhere when everybody left', () => {
    const cohort = handCohort(specOf());
    cohort.move(scores(3, 2, 1));
    const { members, cuts } = cohort.move([
      ['a', null],
      ['b', null],
      ['c', null],
    ]);
    expect(members).toBe(0);
    expect(cuts).toEqual(Array(2).fill({ key: null, above: 0, worth: '0' }));
  });

  it('ask for a review of who moved and was judged by other cuts', () => {
    const cohort = handCohort(specOf({ thresholds: ['0.5'] }));
    cohort.move(scores(40, 30, 20, 10));
    const { owed } = cohort.move([
      ['a', 41, 1],
      ['b', 31, 0],
      ['d', 11, 0],
    ]);
    expect(owed).toMatchObject({ ranges: [], customers: [customerOf('a'), customerOf('d')] });
  });
});

describe('equal scores at a cut', () => {
  const tied = scores(40, 30, 30, 30, 20, 10);
  const zonesBy = (ties: CohortSpec['ties']) => {
    const cohort = handCohort(specOf({ thresholds: ['0.5'], ties }));
    return cohort.move(tied.map(([id, score]) => [id, score, 1]));
  };

  it('are told apart by their keys, all inside, or all outside', () => {
    expect(zonesBy('byKey').cuts).toMatchObject([{ above: 3 }]);
    expect(zonesBy('byKey').cuts[0]?.tied).toBeUndefined();
    expect(zonesBy('include').cuts[0]?.tied).toBeUndefined();
    expect(zonesBy('exclude').cuts[0]?.tied).toBe(true);
  });

  it('all change sides when the last one of them moves away', () => {
    const cohort = handCohort(specOf({ thresholds: ['0.5'], ties: 'exclude' }));
    cohort.move(tied);
    const { cuts, owed } = cohort.move([['d', 15, 1]]);
    expect(cuts[0]?.tied).toBe(false);
    expect(cohort.displaced()).toEqual(['b', 'c']);
    expect(owed?.ranges[0]?.displacement).toEqual({ threshold: 0, from: 30, to: 30, passed: 0 });
  });

  it('all leave when they are included and the cut moves to a better score', () => {
    const cohort = handCohort(specOf({ thresholds: ['0.5'], ties: 'include' }));
    cohort.move(tied);
    cohort.move([
      ['e', 50],
      ['f', 45],
    ]);
    expect(cohort.displaced()).toEqual(['b', 'c', 'd']);
  });
});

describe('cuts by share', () => {
  // the example of PyPI's abc-classification, cut at 70 % and 90 % of the whole
  const example = scores(27_000, 24_000, 18_000, 16_000, 6_000, 5_000, 4_000);
  const shared = (changes: Partial<CohortSpec>, moves: readonly HandMove[] = example) => {
    const cohort = handCohort(specOf({ method: 'share', thresholds: ['0.7', '0.9'], ...changes }));
    const { cuts, worth } = cohort.move(moves);
    return { worth, above: cuts.map((cut) => cut.above), worths: cuts.map((cut) => cut.worth) };
  };

  it('leave out who straddles the threshold (end), or take in that one (start)', () => {
    expect(shared({ boundary: 'end' })).toEqual({
      worth: '100000000000',
      above: [3, 4],
      worths: ['69000000000', '85000000000'],
    });
    expect(shared({ boundary: 'start' }).above).toEqual([4, 5]);
  });

  it('leave the best class empty by `end` where one member is larger than it, and never by `start`', () => {
    const moves = scores(85, 10, 5);
    expect(shared({ boundary: 'end' }, moves).above).toEqual([0, 1]);
    expect(shared({ boundary: 'start' }, moves).above).toEqual([1, 2]);
  });

  it('take in nobody without worth: not for the whole of it, and not where nobody has any', () => {
    for (const boundary of ['start', 'end'] as const) {
      expect(shared({ boundary, thresholds: ['0.5', '1'] }, scores(5, 5, 0, 0, -3)).above).toEqual([1, 2]);
      expect(shared({ boundary, thresholds: ['0.5', '1'] }, scores(0, 0, -3)).above).toEqual([0, 0]);
    }
  });

  it('count worth that no double counts', () => {
    const { worth } = shared({}, scores(9e15, 0.000_001, 0.000_001));
    expect(worth).toBe('9000000000000000000002');
  });

  it('take an unknown score for no worth, and endless ones for what a double can say', () => {
    const { above, worth } = shared({}, scores(Number.POSITIVE_INFINITY, 1, Number.NaN));
    expect(above).toEqual([1, 1]);
    expect(BigInt(worth) > 10n ** 308n).toBe(true);
  });
});

describe('a cohort with too few members', () => {
  it('displaces everybody when it gets enough, and when it has too few again', () => {
    const cohort = handCohort(specOf({ thresholds: ['0.5'], minPopulation: 3 }));
    expect(cohort.move([['a', 2, -1]]).owed).toBeUndefined();
    expect(cohort.move([['b', 1, -1]]).owed).toBeUndefined();
    cohort.move([['c', 3, -1]]);
    expect(cohort.displaced()).toEqual(['c', 'a', 'b']);
    const { owed } = cohort.move([['c', null]]);
    expect(cohort.displaced()).toEqual(['a', 'b']);
    expect(owed?.ranges).toEqual([{ after: '', upTo: '~' }]);
  });
});

describe('any batches', () => {
  const anyMoves = fc.array(
    fc.uniqueArray(fc.tuple(fc.nat(40), fc.option(fc.integer({ min: -2, max: 12 }))), {
      selector: ([id]) => id,
      maxLength: 12,
    }),
    { maxLength: 12 },
  );
  const anySpec = fc.record({
    method: fc.constantFrom<CohortSpec['method'][]>('rank', 'share'),
    thresholds: fc.constantFrom(['0.2', '0.5'], ['0.05', '0.1', '0.9'], ['0.3333', '0.5', '0.55', '1']),
    ties: fc.constantFrom<CohortSpec['ties'][]>('byKey', 'include', 'exclude'),
    boundary: fc.constantFrom<CohortSpec['boundary'][]>('start', 'end'),
    minPopulation: fc.constantFrom(0, 6),
  });

  it('come to the same cuts as ranking everybody from nothing, and owe exactly those a review who need one', () => {
    fc.assert(
      fc.property(anySpec, anyMoves, (spec, batches) => {
        const cohort = handCohort(spec);
        const now = new Map<string, number>();
        let zones: ReadonlyMap<string, number> = new Map();
        for (const batch of batches) {
          const judged = batch.map(([id, score]): HandMove => [`c${id}`, score, zones.get(customerOf(`c${id}`)) ?? 0]);
          for (const [id, score] of judged)
            if (score === null) now.delete(id);
            else now.set(id, score);
          const { members, owed } = cohort.move(judged);
          const all = [...now].map(([id, score]) => ({ customer: customerOf(id), score, tieBreak: 0 }));
          const after = rankFromScratch(all, spec);
          expect(members).toBe(all.length);
          expect(cohort.inside().map((names) => names.at(-1))).toEqual(
            after.lastInside.map((last) => last?.slice(last.lastIndexOf(':') + 1)),
          );
          const asked = new Set([...cohort.displaced().map(customerOf), ...(owed?.customers ?? [])]);
          for (const [customer, zone] of after.zones) {
            const before = zones.get(customer) ?? (batch.some(([id]) => customerOf(`c${id}`) === customer) ? 0 : -2);
            if (zone !== before) expect(asked).toContain(customer);
            // who did not move is left alone unless displaced
            else if (!judged.some(([id]) => customerOf(id) === customer)) expect(asked).not.toContain(customer);
          }
          zones = after.zones;
        }
      }),
    );
  });
});
