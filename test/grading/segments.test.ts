import { describe, expect, it } from 'vitest';
import { Model } from '#shared/grading/model.ts';
import { resolveSegments } from '#shared/grading/resolve-segments.ts';
import { smallModel } from './model-files.ts';
import { exampleFile, expectFault, faultsIn } from './model-problems.ts';

const when = { eq: [{ field: 'customerType' }, 'wholesale'] };
const segment = (set: object, more = {}) => smallModel({ segments: [{ id: 's', when, set }], ...more });
const rank = { cutoffs: { method: 'rank', upTo: { A: 0.2, B: 0.5 } } };
const guards = ['first', 'second'].map((id) => ({ id, when: { exists: { field: id } }, then: { cap: 'B' } }));
const resolved = (file: unknown) => {
  const [first] = resolveSegments(Model.parse(file));
  if (first === undefined) throw new Error('no segment');
  return first;
};

describe('resolveSegments', () => {
  it('merges the segments of the example as it says', () => {
    const model = Model.parse(exampleFile('existing-abc'));
    const [wholesale, personal] = resolveSegments(model);
    const { segments, ...rest } = model;
    expect(wholesale).toEqual({
      id: 'wholesale',
      when: segments[0]?.when,
      ownCohort: true,
      model: {
        ...rest,
        segments: [],
        partitions: ['region'],
        cutoffs: { ...rest.cutoffs, upTo: { A: 0.15, B: 0.45 } },
      },
    });
    expect(personal).toMatchObject({ id: 'personal', ownCohort: false });
    expect(personal?.model.guards.map(({ id }) => id)).toEqual([...model.guards.map(({ id }) => id), 'inactive']);
    expect({ ...personal?.model, guards: [] }).toEqual({ ...rest, segments: [], guards: [] });
  });

  it('appends to a list, or puts another in its place', () => {
    const [extra] = [{ ...guards[0], id: 'extra' }];
    const ids = (set: object) => resolved(segment(set, { guards })).model.guards.map(({ id }) => id);
    expect(ids({ guards: { append: [extra] } })).toEqual(['first', 'second', 'extra']);
    expect(ids({ guards: [extra] })).toEqual(['extra']);
    expect(ids({})).toEqual(['first', 'second']);
  });

  it('merges deep inside, and keeps the order of the model', () => {
    const { model } = resolved(
      segment({ cutoffs: { upTo: { B: 0.6, A: 0.1 } }, signals: { sales: { window: { last: 'P90D' } } } }, rank),
    );
    expect(model.cutoffs).toMatchObject({ method: 'rank', ties: 'byKey', tieBreak: ['id'] });
    expect('upTo' in model.cutoffs && Object.entries(model.cutoffs.upTo)).toEqual([
      ['A', 0.1],
      ['B', 0.6],
    ]);
    expect(model.signals['sales']).toMatchObject({ agg: 'sum', window: { last: 'P90D', align: 'day' } });
  });

  it('takes the place of a whole block where a setting of another kind is written', () => {
    const set = {
      cutoffs: { method: 'absolute', atLeast: { A: 9, B: 3 } },
      signals: { sales: { from: { attribute: 'size' } } },
    };
    const { model } = resolved(segment(set, rank));
    expect(model.cutoffs).toEqual({ method: 'absolute', atLeast: { A: 9, B: 3 } });
    expect(model.signals['sales']).toEqual({ from: { attribute: 'size' } });
  });

  it('lets a decay end a window and a lifetime end a last', () => {
    const signals = (changes: object) => resolved(segment({ signals: { sales: changes } })).model.signals['sales'];
    const { window: _, ...rest } = Model.parse(smallModel()).signals['sales'] ?? {};
    expect(signals({ decay: { halfLife: 'P9D' } })).toEqual({ ...rest, decay: { halfLife: 'P9D', align: 'instant' } });
    expect(signals({ window: { lifetime: true } })).toEqual({ ...rest, window: { lifetime: true, align: 'instant' } });
  });

  it('gives a cohort of its own to whom cut-offs or partitions are', () => {
    const own = (set: object) => resolved(segment(set, rank)).ownCohort;
    expect([own({ partitions: ['region'] }), own({ cutoffs: { upTo: { A: 0.1 } } })]).toEqual([true, true]);
    expect([own({ guards }), own({ stability: { maxStep: 1 } })]).toEqual([false, false]);
  });
});

describe('a segment', () => {
  const days = { from: { events: ['invoice.paid'] }, agg: 'daysSinceLast' };

  it.each([
    [
      'an unknown signal in its condition',
      smallModel({ segments: [{ id: 's', when: { lt: [{ signal: 'x' }, 1] }, set: {} }] }),
      'segments[0].when.lt[0].signal: unknown signal x; there are sales | - signal: x',
    ],
    [
      'the name of another',
      smallModel({
        segments: [
          { id: 's', when, set: {} },
          { id: 's', when: { exists: { field: 'y' } }, set: {} },
        ],
      }),
      'segments[1].id: s is named twice; give one of them another name | - id: s',
    ],
    [
      'what it must leave alone',
      segment({ timezone: 'UTC' }),
      'segments[0].set.timezone: unknown key "timezone" | timezone: UTC',
    ],
    [
      'cut-offs that fit nowhere',
      segment({ cutoffs: { atLeast: { A: 10 } } }),
      'segments[0].set.cutoffs.atLeast: with these settings, cutoffs.atLeast.B: B begins at 50, not below A (10); cut-offs must fall | atLeast:',
    ],
    [
      'a portion in per cent',
      segment({ cutoffs: { upTo: { A: 15 } } }, rank),
      'segments[0].set.cutoffs.upTo.A: a portion lies between 0 and 1, e.g. 0.2 for the best 20 %; the last grade takes the rest | A: 15',
    ],
    [
      'a slip of the pen deep inside',
      segment({ signals: { sales: { windw: { last: 'P9D' } } } }),
      'segments[0].set.signals.sales.windw: unknown key "windw" | windw:',
    ],
    [
      'a kind of value that does not belong',
      segment({ cutoffs: { minPopulation: 'many' } }, rank),
      'segments[0].set.cutoffs.minPopulation: expected a number, found "many" | minPopulation: many',
    ],
    [
      'a new signal that says too little',
      segment({ signals: { more: { agg: 'count' } } }),
      'segments[0].set.signals.more.from: a signal comes from { attribute: name }, { events: [invoice.paid, …] } or { model: bgnbd.alive, params: { … } } | more:',
    ],
    [
      'a fault in an appended guard',
      segment({ guards: { append: [{ id: 'g', when, then: { cap: 'Z' } }] } }, { guards }),
      'segments[0].set.guards.append[0].then.cap: unknown grade Z; there are A, B, C, X | cap: Z',
    ],
    [
      'an appended guard without form',
      segment({ guards: { append: [{ id: 'g', then: { cap: 'B' } }] } }, { guards }),
      'segments[0].set.guards.append[0].when: a condition is one of all, any, not, exists, lt, le, gt, ge, eq, ne, in | - id: g',
    ],
    [
      'a fault in a guard put in the place of others',
      segment({ guards: [{ id: 'g', when, then: { cap: 'X' } }] }, { guards }),
      'segments[0].set.guards[0].then.cap: X is not ranked, so it is no cap | cap: X',
    ],
    [
      'settings that something else does not go with',
      segment({ cutoffs: { method: 'absolute', atLeast: { A: 2, B: 1 } } }, { ...rank, partitions: ['region'] }),
      'segments[0].set: with these settings, partitions: partitions divide customers that are ranked',
    ],
    [
      'a band by rank of its own among all others',
      segment({ stability: { hysteresis: { unit: 'rank', down: 0.05 } } }, rank),
      'segments[0].set.stability.hysteresis: customers that are ranked together need the same entrances and exits: write cutoffs into this segment too, then it is ranked by itself | hysteresis:',
    ],
    [
      'scores of another kind among all others',
      segment(
        {
          signals: { sales: { ...days, value: undefined, from: { events: ['order.paid'] } }, age: days },
          score: { signal: 'age' },
        },
        rank,
      ),
      'segments[0].set.score: customers that are ranked together need scores of one kind: write cutoffs into this segment too, then it is ranked by itself | score:',
    ],
  ])('is refused for %s, saying where and why', (_what, file, expected) => {
    expectFault(file, expected);
  });

  it('is not blamed for what is wrong with the model itself', () => {
    const file = segment({ guards: { append: [] } }, { cutoffs: { method: 'absolute', atLeast: { A: 1, B: 2 } } });
    expect(faultsIn(file)).toEqual([expect.stringMatching(/^cutoffs\.atLeast\.B: /)]);
  });

  it('may be ranked by itself in any way', () => {
    const set = {
      cutoffs: { upTo: { A: 0.1 } },
      stability: { hysteresis: { unit: 'rank', down: 0.05 } },
      signals: { age: days },
      score: { signal: 'age' },
    };
    expect(faultsIn(segment(set, rank))).toEqual([]);
  });
});
