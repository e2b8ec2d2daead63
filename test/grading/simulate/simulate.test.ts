import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GradeName } from '#shared/domain/change.ts';
import type { HeldGrade } from '#shared/domain/customer-state.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import { compileModel } from '#shared/grading/compile-model.ts';
import { Model } from '#shared/grading/model.ts';
import { simulate } from '#shared/grading/simulate/simulate.ts';
import { type SurveyedCustomer, type SurveyRequest, surveyor } from '#shared/grading/simulate/survey.ts';
import { rankFromScratch } from '../../kit/cohort-reference.ts';
import { paid, profile, smallModel } from '../model-files.ts';

const now = Date.parse('2026-03-02T09:00:00Z');
const account = (name: string | number): CustomerId => CustomerId.parse(`account:shop:${name}`);

const requestFor = (file: unknown, changes: Partial<SurveyRequest> = {}): SurveyRequest => ({
  ...{ model: Model.parse(file), hash: 'new', decides: true, now, tags: [] },
  ...changes,
});

const run = (request: SurveyRequest, customers: readonly SurveyedCustomer[], parts = 1, top = 5) => {
  const surveys = Array.from({ length: parts }, (_, part) => {
    const asking = surveyor(request);
    for (const one of customers.filter((_each, index) => index % parts === part)) asking.take(one);
    return structuredClone(asking.survey());
  });
  return simulate(surveys, compileModel(request.model, request.hash), top);
};

const holding = (
  name: string | number,
  grade: GradeName,
  units: readonly number[],
  rest: Partial<SurveyedCustomer> & { readonly attributes?: Readonly<Record<string, string>> } = {},
): SurveyedCustomer => ({
  customer: account(name),
  profile: profile(
    units.map((each) => paid(now - 86_400_000, each)),
    rest.attributes ?? { name: `Customer ${name}` },
  ),
  held: rest.held ?? (grade === null ? undefined : { grade, model: 'old' }),
  hold: rest.hold,
});

const absolute = smallModel({ cutoffs: { method: 'absolute', atLeast: { A: 100, B: 50 } } });

describe('simulate', () => {
  it('counts customers and money by grade held and grade to come, and names who moves', () => {
    const told = run(requestFor(absolute), [
      holding('a', 'A', [100]),
      holding('b', 'A', [60, 10]),
      holding('c', 'C', [120]),
      holding('d', null, []),
      holding('e', 'OLD', [0]),
    ]);
    expect(told.matrix).toEqual([
      { from: 'A', to: 'A', customers: 1, value: 100 },
      { from: 'A', to: 'B', customers: 1, value: 70 },
      { from: 'C', to: 'A', customers: 1, value: 120 },
      { from: 'OLD', to: 'C', customers: 1, value: 0 },
      { from: null, to: 'C', customers: 1, value: 0 },
    ]);
    expect(told).toMatchObject({
      all: { customers: 5, value: 290 },
      moving: { customers: 4, value: 190 },
      up: { customers: 1, value: 120 },
      down: { customers: 1, value: 70 },
      graded: { customers: 5 },
      withoutData: { customers: 1 },
      waiting: { customers: 0 },
    });
    expect(told.movers.map(({ customer, name, from, to, score }) => [customer, name, from, to, score])).toEqual([
      [account('c'), 'Customer c', 'C', 'A', 120],
      [account('b'), 'Customer b', 'A', 'B', 70],
      [account('d'), 'Customer d', null, 'C', 0],
      [account('e'), 'Customer e', 'OLD', 'C', 0],
    ]);
    expect([...told.everyMover()].map(({ customer }) => customer)).toEqual(['b', 'c', 'd', 'e'].map(account));
  });

  it('counts exit bands from the grade held, waits for nothing when it takes over, and shows what the score alone says', () => {
    const steady = {
      ...absolute,
      stability: { dwell: { down: 'P3D' }, hysteresis: { unit: 'score', down: 5, up: 0 } },
    };
    const told = run(requestFor(steady), [holding('a', 'A', [96]), holding('b', 'A', [60]), holding('c', 'C', [60])]);
    expect(
      told.grades.map(({ grade, held, raw, effective }) => [grade, held.customers, raw.customers, effective.customers]),
    ).toEqual([
      ['A', 2, 0, 1],
      ['B', 0, 3, 2],
      ['C', 1, 0, 0],
      ['X', 0, 0, 0],
    ]);
    expect(told.waiting.customers).toBe(0);
  });

  it('leaves a grade set by hand alone where the model decides', () => {
    const hold = { command: 'c', grade: 'X', by: 'anna', why: 'why' };
    const customers = [holding('a', 'X', [100], { hold })];
    expect(run(requestFor(absolute), customers).moving.customers).toBe(0);
    expect(run(requestFor(absolute, { decides: false }), customers).moving.customers).toBe(1);
  });

  it('goes on with what waits when the model is the one that decided', () => {
    const steady = { ...absolute, stability: { dwell: { down: 'P3D' } } };
    const waiting = (days: number): Pick<HeldGrade, 'grade' | 'waiting' | 'model'> => ({
      ...{ grade: 'A', model: 'new' },
      waiting: { direction: 'down', since: now - days * 86_400_000 },
    });
    const of = (days: number) => run(requestFor(steady), [holding('a', 'A', [60], { held: waiting(days) })]);
    expect([of(4).down.customers, of(4).waiting.customers]).toEqual([1, 0]);
    expect([of(2).down.customers, of(2).waiting.customers]).toEqual([0, 1]);
  });

  it('counts whoever has nothing that the score reads as without data', () => {
    const met = profile([{ type: 'meeting.held', at: now - 1 }]);
    const customers = [holding('a', 'C', [0]), { ...holding('b', 'C', []), profile: met }, holding('c', 'C', [])];
    expect(run(requestFor(absolute), customers).withoutData.customers).toBe(2);
  });

  it('names those who came first among movers of equal value', () => {
    const customers = ['a', 'b', 'c', 'd'].map((name) => holding(name, 'A', [name === 'd' ? 20 : 10]));
    const { movers } = run(requestFor(absolute), customers, 1, 2);
    expect(movers.map(({ name }) => name)).toEqual(['Customer d', 'Customer a']);
  });

  it('leaves customers of another kind out', () => {
    const lead = { ...holding('a', 'A', [60]), customer: CustomerId.parse('lead:shop:a') };
    expect(run(requestFor(absolute), [lead, holding('b', 'A', [60])]).all.customers).toBe(1);
  });

  it('tells tags apart only where somebody asks for them', () => {
    const tagged = { ...absolute, tags: { region: { field: 'region' } } };
    const customers = ['north', 'south', 'south'].map((region, index) =>
      holding(index, 'A', [60], { attributes: { region } }),
    );
    expect(run(requestFor(tagged), customers).changes).toMatchObject([{ tags: {}, customers: 3 }]);
    expect(run(requestFor(tagged, { tags: ['region'] }), customers).changes).toMatchObject([
      { tags: { region: 'north' }, customers: 1 },
      { tags: { region: 'south' }, customers: 2 },
    ]);
  });

  it('tells segments of the model apart, or values of an attribute', () => {
    const split = {
      ...absolute,
      segments: [
        {
          id: 'large',
          when: { ge: [{ signal: 'sales' }, 1_000] },
          set: { cutoffs: { atLeast: { A: 5_000, B: 900 } } },
        },
      ],
    };
    const customers = [
      holding('a', 'A', [2_000], { attributes: { region: 'north' } }),
      holding('b', 'A', [200], { attributes: { region: 'north' } }),
      holding('c', 'A', [20], { attributes: {} }),
    ];
    const bySegment = run(requestFor(split), customers).segments;
    expect(bySegment.map(({ segment, all, moving }) => [segment, all.customers, moving.customers])).toEqual([
      ['large', 1, 1],
      [undefined, 2, 1],
    ]);
    const byRegion = run(requestFor(split, { by: 'region' }), customers).segments;
    expect(byRegion.map(({ segment, all }) => [segment, all])).toEqual([
      ['north', { customers: 2, value: 2_200 }],
      [undefined, { customers: 1, value: 20 }],
    ]);
  });

  const anyCustomers = fc.array(
    fc.record({ units: fc.oneof(fc.constantFrom(0, 10, 20), fc.nat(500)), held: fc.constantFrom('A', 'B', 'C', null) }),
    { maxLength: 60 },
  );

  it('comes to what ranking everybody from scratch comes to, however the population is divided', () => {
    fc.assert(
      fc.property(
        anyCustomers,
        fc.constantFrom('rank' as const, 'share' as const),
        fc.constantFrom(0, 0.1),
        fc.integer({ min: 1, max: 3 }),
        (some, method, down, parts) => {
          const file = smallModel({
            cutoffs: { method, upTo: { A: 0.2, B: 0.5 } },
            stability: { hysteresis: { unit: 'rank', up: 0, down } },
          });
          const customers = some.map(({ units, held }, index) => holding(index, held, units === 0 ? [] : [units]));
          const told = run(requestFor(file), customers, parts, 100);

          const members = some.map(({ units }, index) => ({ customer: account(index), score: units, tieBreak: 0 }));
          const isInside = (customer: CustomerId, share: number): boolean =>
            rankFromScratch(members, {
              ...{ method, thresholds: [share.toFixed(1)], ties: 'byKey', boundary: 'start', minPopulation: 0 },
            }).zones.get(customer) === 0;
          const gradeOf = (index: number, held: GradeName): string => {
            const leave = (cut: number, keeps: boolean): number => (keeps ? cut + down : cut);
            if (isInside(account(index), leave(0.2, held === 'A'))) return 'A';
            return isInside(account(index), leave(0.5, held === 'A' || held === 'B')) ? 'B' : 'C';
          };
          const expected = new Map<string, number>();
          for (const [index, { held }] of some.entries()) {
            const move = `${held ?? '-'}>${gradeOf(index, held)}`;
            expected.set(move, (expected.get(move) ?? 0) + 1);
          }
          expect(
            new Map(told.matrix.map(({ from, to, customers: count }) => [`${from ?? '-'}>${to ?? '-'}`, count])),
          ).toEqual(expected);
          expect(told.movers.length).toBe(told.moving.customers);
          const value = some.reduce((sum, { units }) => sum + units, 0);
          expect(told.all).toEqual({ customers: some.length, value });
        },
      ),
      { numRuns: 150 },
    );
  });
});
