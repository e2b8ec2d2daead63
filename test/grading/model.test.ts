import { describe, expect, it } from 'vitest';
import { Model, readModel } from '#shared/grading/model.ts';
import { modelFile, smallModel } from './model-files.ts';

const faults = (file: unknown): string[] => {
  const read = readModel(file);
  return read.ok ? [] : read.faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
};
const sales = { from: { events: ['invoice.paid'] }, value: { path: 'amount' }, agg: 'sum' };
const withSales = (changes: object) => smallModel({ signals: { sales: { ...sales, ...changes } } });
const guard = (when: unknown, then: unknown = { cap: 'B' }) => smallModel({ guards: [{ id: 'g', when, then }] });
const prospect = (change: (file: string) => string): unknown =>
  JSON.parse(change(JSON.stringify(modelFile('prospect-intent'))));

describe('Model', () => {
  it('accepts both example models and reads its own result unchanged', () => {
    for (const name of ['prospect-intent', 'existing-abc']) {
      const model = Model.parse(modelFile(name));
      expect(Model.parse(JSON.parse(JSON.stringify(model)))).toEqual(model);
    }
  });

  it('fills in both languages and the defaults', () => {
    const model = Model.parse(smallModel({ title: { zh: '客户分级' } }));
    expect(model.title).toEqual({ zh: '客户分级', en: '客户分级' });
    expect(model).toMatchObject({ guards: [], tags: {}, explain: { baseline: 'zero', top: 3 } });
    expect(model.grades[0]).toEqual({ id: 'A', label: { zh: 'A', en: 'A' }, ranked: true });
  });

  it.each([
    ['an unknown key', smallModel({ foo: 1 }), 'foo: unknown setting foo'],
    ['an unknown key deep inside', withSales({ from: { events: ['invoice.paid'], wher: {} } }), /signals\.sales\.from/],
    [
      'weights that do not sum to 100',
      prospect((file) => file.replace('"weight":12', '"weight":11')),
      'score.groups: weights sum to 99, not 100',
    ],
    [
      'a factor of an unknown signal',
      prospect((file) => file.replace('"signal":"budget"', '"signal":"budgets"')),
      /^score\.groups\.potential\.factors\.3\.signal: unknown signal budgets; there are employees/,
    ],
    [
      'cut-offs in the wrong order',
      smallModel({ cutoffs: { method: 'absolute', atLeast: { B: 50, A: 100 } } }),
      'cutoffs.atLeast: cut-offs must name A, B, in this order: every ranked grade but the last',
    ],
    [
      'a ranked grade without cut-off',
      smallModel({ cutoffs: { method: 'absolute', atLeast: { A: 100 } } }),
      /cutoffs\.atLeast: cut-offs must name A, B/,
    ],
    [
      'cut-offs that do not fall',
      smallModel({ cutoffs: { method: 'absolute', atLeast: { A: 50, B: 50 } } }),
      'cutoffs.atLeast.B: B begins at 50, not below A (50); cut-offs must fall',
    ],
    [
      'cut-offs by rank',
      smallModel({ cutoffs: { method: 'rank', upTo: { A: 0.2 } } }),
      /^cutoffs\.method: cut-offs by rank are not supported.*use method: absolute/,
    ],
    [
      'window and decay together',
      withSales({ window: { last: 'P30D' }, decay: { halfLife: 'P30D' } }),
      'signals.sales.decay: window and decay together are not possible: choose one',
    ],
    [
      'a guard naming an unknown grade',
      guard({ exists: { field: 'x' } }, { cap: 'Z' }),
      'guards.0.then.cap: guard g: unknown grade Z; there are A, B, C, X',
    ],
    [
      'a cap at an unranked grade',
      guard({ exists: { field: 'x' } }, { cap: 'X' }),
      'guards.0.then.cap: guard g: X is not ranked, so it is no cap',
    ],
    [
      'holding by hand',
      guard({ exists: { field: 'x' } }, { hold: true, until: { field: 'x' } }),
      /not supported|then is/,
    ],
    [
      'an unknown signal in a condition',
      guard({ all: [{ lt: [{ signal: 'sells' }, 1] }] }),
      'guards.0.when.all.0.lt.0.signal: unknown signal sells; there are sales',
    ],
    [
      'an unknown group in a condition',
      guard({ not: { lt: [{ group: 'fit' }, 1] } }),
      'guards.0.when.not.lt.0.group: unknown group fit; there are none',
    ],
    [
      'text where numbers are compared',
      guard({ ge: [{ signal: 'sales' }, 'much'] }),
      'guards.0.when.ge.1: ge compares numbers; "much" is none',
    ],
    [
      'in without a list',
      guard({ in: [{ field: 'kind' }, 'gold'] }),
      'guards.0.when.in.1: in needs a list on its right',
    ],
    [
      'an unknown group in a tag',
      smallModel({ tags: { t: { bands: { on: { group: 'fit' }, ge: [[1, 'a']], else: 'b' } } } }),
      'tags.t.bands.on.group: unknown group fit; there are none',
    ],
    [
      'bands that do not fall',
      smallModel({
        tags: {
          t: {
            bands: {
              on: { score: true },
              ge: [
                [1, 'a'],
                [2, 'b'],
              ],
              else: 'c',
            },
          },
        },
      }),
      'tags.t.bands.ge.1.0: limits must fall from band to band: 2 follows 1',
    ],
    ['a place that is no time zone', smallModel({ timezone: 'Mars/Base' }), /^timezone: not a time zone/],
    [
      'a duration that is none',
      withSales({ window: { last: '30 days' } }),
      'signals.sales.window.last: a duration is written in ISO 8601, e.g. P30D, P3M, P1Y or PT12H',
    ],
    [
      'a duration of nothing',
      withSales({ window: { last: 'P0D' } }),
      'signals.sales.window.last: a duration of zero covers nothing',
    ],
    [
      'months to the millisecond',
      withSales({ window: { last: 'P1M' } }),
      /^signals\.sales\.window: months and years follow the calendar/,
    ],
    [
      'hours in a window of days',
      withSales({ window: { last: 'PT5H', align: 'day' } }),
      /^signals\.sales\.window: .*whole days/,
    ],
    [
      'days in a window of weeks',
      withSales({ window: { last: 'P10D', align: 'week' } }),
      /^signals\.sales\.window: .*whole weeks/,
    ],
    [
      'days in a window of months',
      withSales({ window: { last: 'P10D', align: 'month' } }),
      /^signals\.sales\.window: .*whole months/,
    ],
    [
      'an event signal without agg',
      withSales({ agg: undefined }),
      'signals.sales: an event signal needs agg, e.g. agg: sum',
    ],
    ['a sum of nothing', withSales({ value: undefined }), /^signals\.sales: agg sum needs a value/],
    ['a count that names a value', withSales({ agg: 'count' }), /^signals\.sales\.value: agg count reads no value/],
    [
      'a value path that leads nowhere',
      withSales({ value: { path: 'stars' } }),
      'signals.sales.value.path: a value is read from amount, or from fields.<name>',
    ],
    [
      'points of an event that is not read',
      withSales({ value: { perEvent: { 'invoice.paid': 1, 'call.made': 2 } } }),
      'signals.sales.value.perEvent.call.made: call.made is not among the events of this signal',
    ],
    [
      'an event without its points',
      withSales({ from: { events: ['invoice.paid', 'call.made'] }, value: { perEvent: { 'invoice.paid': 1 } } }),
      'signals.sales.value.perEvent: say how many points call.made gives',
    ],
    [
      'a decayed average',
      withSales({ agg: 'avg', decay: { halfLife: 'P1D' } }),
      'signals.sales.decay: decay goes with agg: sum or count',
    ],
    [
      'fitted models',
      withSales({ from: { model: 'clv' } }),
      /^signals\.sales\.from.*: fitted models are not supported/,
    ],
    [
      'a window on an attribute',
      smallModel({ signals: { sales: { from: { attribute: 'a' }, window: { last: 'P1D' } } } }),
      /^signals\.sales\.window: window belongs to signals from events/,
    ],
    [
      'points for a missing signal that is the score',
      withSales({ missing: { points: 0.5 } }),
      /^signals\.sales\.missing: points need a weight/,
    ],
    ['stability', smallModel({ stability: {} }), /^stability: stability .* is not supported/],
    ['segments', smallModel({ segments: [{ id: 'x' }] }), /^segments: segments are not supported/],
    ['partitions', smallModel({ partitions: ['region'] }), /^partitions: partitions are not supported/],
    [
      'a population baseline',
      smallModel({ explain: { baseline: 'population' } }),
      'explain.baseline: points are told from zero: use baseline: zero',
    ],
    [
      'a grade named twice',
      smallModel({
        grades: [
          { id: 'A', label: 'a' },
          { id: 'A', label: 'b' },
          { id: 'B', label: 'b' },
          { id: 'C', label: 'c' },
        ],
      }),
      'grades.1.id: grade A is named twice',
    ],
  ])('refuses %s, saying where and why', (_what, file, expected) => {
    expect(faults(file)).toContainEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it('refuses a percentile scale, saying what to use', () => {
    const file = prospect((text) => text.replace('{"linear":{"from":0,"to":500000}}', '{"percentile":true}'));
    expect(faults(file).join()).toContain('percentile scales are not supported; use bands, linear, log or saturate');
  });

  it('never says a word about its own schema', () => {
    for (const file of [
      withSales({ from: 7 }),
      guard(5),
      guard({ lt: [{ signl: 'x' }, 1] }),
      smallModel({ tags: { t: {} } }),
      smallModel({ score: {} }),
    ])
      for (const fault of faults(file)) expect(fault).not.toMatch(/invalid_union|ZodError|Invalid input$/);
  });
});
