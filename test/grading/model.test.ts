import { describe, expect, it } from 'vitest';
import { Model } from '#shared/grading/model.ts';
import { modelFile, smallModel } from './model-files.ts';
import { exampleText, expectFault, faultsIn } from './model-problems.ts';

const guard = (when: unknown, then: unknown = { cap: 'B' }) => smallModel({ guards: [{ id: 'g', when, then }] });
const tag = (bands: unknown) => smallModel({ tags: { t: { bands } } });
const grade = (id: string, more = {}) => ({ id, label: id, ...more });
const sales = { from: { events: ['invoice.paid'] }, value: { path: 'amount' }, agg: 'sum' };

/** A weighted sum of one factor. */
const factor = (scale: unknown, signal: object = { from: { attribute: 'size' } }, more = {}) =>
  smallModel({
    signals: { size: signal },
    score: { combine: 'weightedSum', groups: { all: { factors: [{ signal: 'size', weight: 100, scale }] } } },
    ...more,
  });

describe('Model', () => {
  it('accepts the example models and reads its own result unchanged', () => {
    for (const name of ['prospect-intent', 'existing-abc']) {
      const model = Model.parse(modelFile(name));
      expect(Model.parse(JSON.parse(JSON.stringify(model)))).toEqual(model);
    }
  });

  it('fills in both languages and the defaults', () => {
    const model = Model.parse(smallModel({ title: { zh: '客户分级' } }));
    expect(model.title).toEqual({ zh: '客户分级', en: '客户分级' });
    expect(model).toMatchObject({ guards: [], tags: {}, segments: [], partitions: [] });
    expect(model.explain).toEqual({ baseline: 'zero', top: 3, counterfactual: true, projection: true });
    expect(model.grades[0]).toEqual({ id: 'A', label: { zh: 'A', en: 'A' }, ranked: true });
  });

  it('takes a field of a fact by its bare name too', () => {
    const { signals } = Model.parse(smallModel({ signals: { sales: { ...sales, value: { path: 'csat5' } } } }));
    expect(signals['sales']?.value).toEqual({ path: 'fields.csat5' });
  });

  describe('refuses what the format forbids, in either example:', () => {
    it.each([
      [
        'a weight of 11 instead of 12',
        'prospect-intent',
        ['needState,  weight: 12', 'needState,  weight: 11'],
        'score.groups: weights sum to 99, not 100 | groups:',
      ],
      [
        'cut-offs in the wrong order',
        'existing-abc',
        ['{ A: 0.20, B: 0.50 }', '{ B: 0.50, A: 0.20 }'],
        'cutoffs.upTo: cut-offs must name A, B, in this order: every ranked grade but the last | upTo: { B: 0.50, A: 0.20 }',
      ],
      [
        'cut-offs that do not grow',
        'existing-abc',
        ['{ A: 0.20, B: 0.50 }', '{ A: 0.50, B: 0.50 }'],
        'cutoffs.upTo.B: B goes down to 0.5, not beyond A (0.5); portions must grow | upTo: { A: 0.50, B: 0.50 }',
      ],
      [
        'window and decay together',
        'existing-abc',
        [
          '    window: { last: P180D, align: day }',
          '    window: { last: P180D, align: day }\n    decay: { halfLife: P30D }',
        ],
        'signals.satisfaction.decay: window and decay together are not possible: choose one | decay: { halfLife: P30D }',
      ],
      [
        'a guard naming an unknown grade',
        'existing-abc',
        ['{ grade: CHURNED }', '{ grade: GONE }'],
        'guards[1].then.grade: unknown grade GONE; there are A, B, C, NEW, CHURNED | - { id: churned',
      ],
      [
        'an unknown key at the top',
        'prospect-intent',
        ['segments: []', 'segment: []'],
        'segment: unknown key "segment" | segment: []',
      ],
    ])('%s', (_what, name, [from = '', to = ''], expected) => {
      const file = exampleText(name);
      expect(file).toContain(from);
      expect(faultsIn(file)).toEqual([]);
      expectFault(file.replace(from, to), expected);
    });
  });

  it.each([
    ['an unknown key', smallModel({ foo: 1 }), 'foo: unknown key "foo" | foo: 1'],
    ['no time zone', smallModel({ timezone: 'Mars/Base' }), 'timezone: not a time zone of the IANA database'],
    [
      'an unknown signal as the score',
      smallModel({ score: { combine: 'single', signal: 'sells' } }),
      'score.signal: unknown signal sells; there are sales | signal: sells',
    ],
    [
      'a factor of an unknown signal',
      factor({ bands: [[1, 1]], else: 0 }, undefined, { signals: {} }),
      'score.groups.all.factors[0].signal: unknown signal size; there are none | - signal: size',
    ],
    [
      'points for a missing signal that is the score',
      smallModel({ signals: { sales: { ...sales, missing: { points: 0.5 } } } }),
      'signals.sales.missing: points need a weight; where the signal is the score write missing: { value: … } | missing:',
    ],
    [
      'a category scale over a signal that fades',
      factor({ map: { a: 1 } }, { ...sales, decay: { halfLife: 'P1D' } }),
      'score.groups.all.factors[0].scale.map: a decayed signal is a number that moves all the time; use bands, linear or saturate | map:',
    ],
    [
      'a line from a point to itself',
      factor({ linear: { from: 5, to: 5 } }),
      'score.groups.all.factors[0].scale.linear.to: from and to must differ | to: 5',
    ],
    [
      'a curve from a point to itself',
      factor({ log: { from: 5, to: 5 } }),
      'score.groups.all.factors[0].scale.log.to: from and to must differ | to: 5',
    ],
    [
      'bands that do not fall',
      factor({
        bands: [
          [1, 1],
          [2, 0],
        ],
        else: 0,
      }),
      'score.groups.all.factors[0].scale.bands[1][0]: limits must fall from band to band: 2 follows 1 | - - 2',
    ],
    [
      'bands below that do not grow',
      factor({
        bandsBelow: [
          [2, 1],
          [1, 0],
        ],
        else: 0,
      }),
      'score.groups.all.factors[0].scale.bandsBelow[1][0]: limits must grow from band to band: 1 follows 2 | - - 1',
    ],
    [
      'a grade named twice',
      smallModel({ grades: [grade('A'), grade('A'), grade('B'), grade('C')] }),
      'grades[1].id: A is named twice; give one of them another name | - id: A',
    ],
    [
      'grades of which none is ranked',
      smallModel({
        grades: [grade('A', { ranked: false }), grade('B', { ranked: false })],
        cutoffs: { method: 'absolute', atLeast: {} },
      }),
      'grades: at least one grade must be ranked | grades:',
    ],
    [
      'a guard named twice',
      smallModel({
        guards: [1, 2].map((n) => ({ id: 'g', when: { exists: { field: `x${n}` } }, then: { cap: 'B' } })),
      }),
      'guards[1].id: g is named twice; give one of them another name | - id: g',
    ],
    [
      'an unknown grade as a floor',
      guard({ exists: { field: 'x' } }, { floor: 'Z' }),
      'guards[0].then.floor: unknown grade Z; there are A, B, C, X | floor: Z',
    ],
    [
      'a cap at an unranked grade',
      guard({ exists: { field: 'x' } }, { cap: 'X' }),
      'guards[0].then.cap: X is not ranked, so it is no cap | cap: X',
    ],
    [
      'an unknown signal in a condition',
      guard({ all: [{ lt: [{ signal: 'sells' }, 1] }] }),
      'guards[0].when.all[0].lt[0].signal: unknown signal sells; there are sales | - signal: sells',
    ],
    [
      'an unknown group in a condition',
      guard({ not: { lt: [{ group: 'fit' }, 1] } }),
      'guards[0].when.not.lt[0].group: unknown group fit; there are none | - group: fit',
    ],
    [
      'an unknown coverage in a scope',
      smallModel({ scope: { when: { lt: [{ coverage: 'fit' }, 1] } } }),
      'scope.when.lt[0].coverage: unknown group fit; there are none | - coverage: fit',
    ],
    [
      'text where numbers are compared',
      guard({ ge: [{ signal: 'sales' }, 'much'] }),
      'guards[0].when.ge[1]: ge compares numbers; "much" is none | - much',
    ],
    [
      'in without a list',
      guard({ in: [{ field: 'kind' }, 'gold'] }),
      'guards[0].when.in[1]: in needs a list on its right | - gold',
    ],
    [
      'a list without in',
      guard({ eq: [{ field: 'kind' }, ['gold']] }),
      'guards[0].when.eq[1]: a list belongs on the right of in | - - gold',
    ],
    [
      'an unknown group in a tag',
      tag({ on: { group: 'fit' }, ge: [[1, 'a']], else: 'b' }),
      'tags.t.bands.on.group: unknown group fit; there are none | group: fit',
    ],
    [
      'a tag over a value',
      tag({ on: 7, ge: [[1, 'a']], else: 'b' }),
      'tags.t.bands.on: bands go over a signal, field, group, coverage or the score | on: 7',
    ],
    [
      'labels whose limits do not fall',
      tag({
        on: { score: true },
        ge: [
          [1, 'a'],
          [2, 'b'],
        ],
        else: 'c',
      }),
      'tags.t.bands.ge[1][0]: limits must fall from band to band: 2 follows 1 | - - 2',
    ],
  ])('refuses %s, saying where and why', (_what, file, expected) => {
    expectFault(file, expected);
  });

  it('says it in Chinese too', () => {
    expect(faultsIn(smallModel({ score: { combine: 'single', signal: 'sells' } }), 'zh')).toEqual([
      'score.signal: 没有名为 sells 的信号；现有：sales | signal: sells',
    ]);
  });

  it('never says a word about its own schema', () => {
    for (const file of [
      smallModel({ signals: { sales: { ...sales, from: 7 } } }),
      guard(5),
      guard({ lt: [{ signl: 'x' }, 1] }),
      smallModel({ tags: { t: {} } }),
      smallModel({ score: {} }),
      smallModel({ cutoffs: {} }),
      smallModel({ segments: [{ id: 's', when: { exists: { field: 'x' } }, set: { cutoffs: { atLeast: 7 } } }] }),
    ]) {
      const faults = faultsIn(file);
      expect(faults.length).toBeGreaterThan(0);
      for (const fault of faults) expect(fault).not.toMatch(/invalid_union|ZodError|Invalid input|: {2}\|/);
    }
  });
});
