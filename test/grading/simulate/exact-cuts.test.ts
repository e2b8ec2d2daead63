import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CohortId, type CohortSpec, zoneOf } from '#shared/domain/cohort.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import { rankKeyOf } from '#shared/domain/rank-key.ts';
import { liveCohort } from '#shared/grading/backtest/live-cohort.ts';
import { exactCuts, zoneFinder } from '#shared/grading/simulate/exact-cuts.ts';
import { type Member, rankFromScratch } from '../../kit/cohort-reference.ts';

const cohort = CohortId.parse('model:1:');

const anySpec: fc.Arbitrary<CohortSpec> = fc.record({
  method: fc.constantFrom('rank' as const, 'share' as const),
  thresholds: fc.constantFrom(['0.2', '0.5'], ['0.07', '0.2', '0.22', '0.55'], ['0.5', '1']),
  ties: fc.constantFrom('byKey' as const, 'include' as const, 'exclude' as const),
  boundary: fc.constantFrom('start' as const, 'end' as const),
  minPopulation: fc.constantFrom(0, 5),
});

const anyScore = fc.oneof(
  fc.constantFrom(0, -0, 7.5, 15),
  fc.integer({ min: -20, max: 40 }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
);

const anyMembers: fc.Arbitrary<readonly Member[]> = fc
  .array(fc.record({ score: anyScore, tieBreak: fc.nat(2) }), { maxLength: 60 })
  .map((members) =>
    members.map((member, index) => ({ ...member, customer: CustomerId.parse(`account:crm:${(index * 37) % 61}`) })),
  );

const keyOf = ({ customer, score, tieBreak }: Member) => rankKeyOf([score, tieBreak], customer);

const wholeOf = (members: readonly Member[], spec: CohortSpec) => ({
  ...{ cohort, spec, ranks: Float64Array.from(members, ({ score }) => score) },
  keyAt: (member: number) => keyOf(members[member]!),
});

describe('exactCuts', () => {
  it('puts everybody where ranking from scratch puts them', () => {
    fc.assert(
      fc.property(anyMembers, anySpec, (members, spec) => {
        const cuts = exactCuts(wholeOf(members, spec));
        const find = zoneFinder(cuts, spec);
        const zones = new Map(members.map((one) => [one.customer, find(one.score, () => keyOf(one))]));
        expect(zones).toEqual(rankFromScratch(members, spec).zones);
        for (const one of members) expect(zoneOf(keyOf(one), cuts, spec)).toBe(zones.get(one.customer));
      }),
      { numRuns: 400 },
    );
  });

  it('sets the cuts that a live cohort comes to, member by member', () => {
    fc.assert(
      fc.property(anyMembers, anySpec, (members, spec) => {
        const live = liveCohort(cohort, spec);
        for (const one of members) live.move([{ customer: one.customer, from: null, to: keyOf(one) }], 0);
        const { version: _, ...exact } = exactCuts(wholeOf(members, spec));
        expect(live.cuts()).toMatchObject(exact);
      }),
      { numRuns: 200 },
    );
  });

  it('ranks what is unknown last', () => {
    const spec: CohortSpec = {
      ...{ method: 'rank', thresholds: ['0.5'], ties: 'byKey', boundary: 'start', minPopulation: 0 },
    };
    const members = [Number.NaN, 3, Number.NaN, Number.NEGATIVE_INFINITY].map((score, index) => ({
      ...{ customer: CustomerId.parse(`account:crm:${index}`), score, tieBreak: 0 },
    }));
    const cuts = exactCuts(wholeOf(members, spec));
    expect(cuts.cuts).toEqual([{ key: keyOf(members[3]!) }]);
    const find = zoneFinder(cuts, spec);
    expect(members.map((one) => find(one.score, () => keyOf(one)))).toEqual([1, 0, 1, 0]);
  });
});
