import fc from 'fast-check';
import type { Attributes, Fact } from '#shared/domain/fact.ts';
import { instant } from './model-files.ts';

/** Shortly before the clocks of Berlin go forward, at the end of a month. */
export const start = instant('2026-03-28T13:07:11.500Z');
const minute = 60_000;
const hour = 60 * minute;

const types = ['invoice.paid', 'invoice.refunded', 'meeting.held'] as const;

const anyFact: fc.Arbitrary<Fact> = fc.record(
  {
    type: fc.constantFrom(...types),
    at: fc.integer({ min: -40 * 24 * 60, max: 2 * 24 * 60 }).map((minutes) => start + minutes * minute - 11_500),
    amount: fc.record({
      units: fc.integer({ min: -50, max: 300 }),
      scale: fc.constantFrom(0, 1, 2),
      currency: fc.constant('CNY'),
    }),
    fields: fc.record({ order: fc.constantFrom('o1', 'o2', 'o3'), stars: fc.integer({ min: 1, max: 5 }) }),
  },
  { requiredKeys: ['type', 'at', 'fields'] },
);

/** Facts close to now, so that short windows have something to do. */
export const anyFacts: fc.Arbitrary<readonly Fact[]> = fc
  .tuple(
    fc.array(anyFact, { maxLength: 6 }),
    fc.array(
      fc
        .tuple(anyFact, fc.integer({ min: -50 * 60, max: 60 * 60 }))
        .map(([fact, seconds]) => ({ ...fact, at: start + seconds * 1_000 })),
      { maxLength: 6 },
    ),
  )
  .map(([far, near]) => [...far, ...near].sort((a, b) => a.at - b.at));

export const anyAttributes: fc.Arbitrary<Attributes> = fc.record(
  {
    kind: fc.constantFrom('gold', 'silver', 'A'),
    size: fc.integer({ min: 0, max: 100 }),
    until: fc.constantFrom('2026-03-29', '2026-03-28T20:00:00+01:00', start + 90 * minute, 'whenever'),
  },
  { requiredKeys: [] },
);

export const anyWindow = fc.constantFrom(
  { last: 'PT3H' },
  { last: 'P2D' },
  { last: 'P1DT5H' },
  { last: 'P1D', align: 'day' },
  { last: 'P3D', align: 'day' },
  { last: 'P1M', align: 'day' },
  { last: 'P1W', align: 'week' },
  { last: 'P1M', align: 'month' },
  { lifetime: true },
);

const bands = (...limits: number[]) => ({ bands: limits.map((limit, i) => [limit, 1 - i * 0.3]), else: 0 });

const cutoffsOf = (method: 'absolute' | 'matrix' | 'rank', cut: number): object => {
  if (method === 'absolute') return { method, atLeast: { A: cut, B: cut / 3 } };
  if (method === 'rank')
    return { method, upTo: { A: 0.2, B: 0.5 }, tieBreak: [{ signal: 'tenure', dir: 'desc' }, 'id'] };
  return {
    method,
    rows: { group: 'money', ge: [[20, 'A']], else: 'B' },
    cols: { groups: ['contact', 'mood'], ge: [[15, 1]], else: 2 },
    cells: { A1: 'A', A2: 'B', B1: 'B', B2: 'C' },
  };
};

const bandOf = (unit: 'rank' | 'score' | 'relative', { up, down }: { readonly up: number; readonly down: number }) => {
  const per = unit === 'score' ? 1 : 100;
  return { unit, up: up / per, down: down / per };
};

/** Six event signals of random windows, one decayed or not, one attribute; guards and tags over all kinds of operands. */
export const anyModelFile = fc
  .record({
    timezone: fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC'),
    windows: fc.array(anyWindow, { minLength: 8, maxLength: 8 }),
    decay: fc.constantFrom(undefined, 'PT6H', 'P2D', 'P30D'),
    secondDecay: fc.constantFrom(undefined, undefined, 'PT20H'),
    single: fc.boolean(),
    cut: fc.integer({ min: 1, max: 60 }),
    limit: fc.option(
      fc.record({ per: fc.constantFrom('hour', 'day', 'week'), byEvent: fc.integer({ min: 1, max: 2 }) }),
      { nil: undefined },
    ),
    distinctBy: fc.constantFrom(undefined, 'order'),
    guarded: fc.boolean(),
    band: fc.option(fc.record({ up: fc.constantFrom(0, 1, 4), down: fc.constantFrom(0, 2, 7) }), { nil: undefined }),
    unit: fc.constantFrom('score', 'relative'),
    method: fc.constantFrom('absolute', 'absolute', 'matrix', 'rank'),
    segmented: fc.constantFrom('no', 'no', 'by field', 'by signal'),
    daily: fc.boolean(),
  })
  .map((drawn) => {
    const { timezone, windows, decay, secondDecay, single, cut, limit, distinctBy, guarded, segmented } = drawn;
    const method = drawn.method === 'matrix' && single ? 'absolute' : drawn.method;
    // what customers are ranked by must not move with the clock, or only at midnight
    const align = (method === 'rank' && !single) || drawn.daily ? 'day' : 'instant';
    const events = [...types];
    const signal = (i: number, agg: string, more: object = {}) => ({
      from: { events },
      agg,
      window: windows[i],
      ...more,
    });
    const amount = { value: { path: 'amount', sign: { 'invoice.refunded': -1 } } };
    const stars = { value: { path: 'fields.stars' } };
    const fading = (halfLife: string | undefined, i: number) =>
      halfLife === undefined ? { window: windows[i] } : { window: undefined, decay: { halfLife, align } };
    return {
      apiVersion: 'grading/v1',
      kind: 'GradingModel',
      id: 'any',
      version: 1,
      title: 'Any',
      subject: 'account',
      timezone,
      currency: 'CNY',
      signals: {
        sales: signal(0, 'sum', { ...amount, ...fading(secondDecay, 0), from: { events, distinctBy } }),
        count: signal(1, 'count', {
          limit,
          from: { events: ['meeting.held', 'invoice.paid'], where: { ge: [{ field: 'stars' }, 2] } },
        }),
        worst: signal(2, 'min', stars),
        best: signal(3, 'max', amount),
        mean: signal(4, 'avg', stars),
        last: signal(5, 'last', { value: { path: 'fields.order' } }),
        orders: signal(6, 'distinct', { value: { path: 'fields.order' } }),
        recency: signal(7, 'daysSinceLast', { window: { lifetime: true } }),
        tenure: signal(7, 'daysSinceFirst'),
        touches: {
          from: { events: ['meeting.held', 'invoice.refunded'] },
          value: { perEvent: { 'meeting.held': 5, 'invoice.refunded': method === 'rank' && single ? 1.5 : -1.5 } },
          agg: 'sum',
          ...fading(decay, 2),
        },
        size: { from: { attribute: 'size' }, missing: { points: 0.5 } },
      },
      score: single
        ? { combine: 'single', signal: 'touches' }
        : {
            combine: 'weightedSum',
            groups: {
              money: {
                cap: 35,
                factors: [
                  { signal: 'sales', weight: 30, scale: { linear: { from: 0, to: 300 } } },
                  { signal: 'best', weight: 10, scale: bands(200, 100, 10) },
                ],
              },
              contact: {
                factors: [
                  { signal: 'touches', weight: 20, scale: { saturate: { half: 6 } } },
                  { signal: 'count', weight: 10, scale: { log: { from: 1, to: 8 } } },
                  {
                    signal: 'recency',
                    weight: 10,
                    scale: {
                      bandsBelow: [
                        [1, 1],
                        [3, 0.2],
                        [20, 0.6],
                      ],
                      else: 0,
                    },
                  },
                ],
              },
              mood: {
                cap: 12,
                factors: [
                  { signal: 'mean', weight: 5, scale: { linear: { from: 5, to: 1 } } },
                  { signal: 'last', weight: 10, scale: { map: { o1: 1, o2: 0.4 } } },
                  { signal: 'size', weight: 5, scale: bands(50, 10) },
                ],
              },
            },
          },
      grades: [
        { id: 'A', label: 'A' },
        { id: 'B', label: 'B' },
        { id: 'C', label: 'C' },
        { id: 'X', label: 'X', ranked: false },
      ],
      cutoffs: cutoffsOf(method, cut),
      ...(drawn.band === undefined || method === 'matrix'
        ? {}
        : { stability: { hysteresis: bandOf(method === 'rank' ? 'rank' : drawn.unit, drawn.band) } }),
      segments:
        segmented === 'no'
          ? []
          : [
              {
                id: 'own',
                when:
                  segmented === 'by field' ? { eq: [{ field: 'kind' }, 'gold'] } : { ge: [{ signal: 'recency' }, 2] },
                set: {
                  ...(method === 'absolute' ? { cutoffs: { atLeast: { A: cut * 0.8 } } } : {}),
                  guards: { append: [{ id: 'small', when: { lt: [{ field: 'size' }, 20] }, then: { cap: 'B' } }] },
                },
              },
            ],
      guards: guarded
        ? [
            {
              id: 'kept',
              when: { ge: [{ field: 'size' }, 70] },
              then: { hold: true, grade: { field: 'kind' }, until: { field: 'until' } },
            },
            { id: 'stale', when: { gt: [{ signal: 'recency' }, 3] }, then: { grade: 'X' } },
            {
              id: 'faint',
              when: { all: [{ lt: [{ signal: 'touches' }, 2] }, { exists: { signal: 'worst' } }] },
              then: { cap: 'B' },
            },
            {
              id: 'rich',
              when: { any: [{ ge: [{ score: true }, cut * 0.9] }, { in: [{ signal: 'last' }, ['o3', 7]] }] },
              then: { floor: 'B' },
            },
            { id: 'fading', when: { lt: [{ signal: 'sales' }, { signal: 'best' }] }, then: { cap: 'B' } },
          ]
        : [],
      tags: guarded
        ? {
            orders: {
              bands: {
                on: { signal: 'orders' },
                ge: [
                  [3, 'many'],
                  [1, 'few'],
                ],
                else: 'none',
              },
            },
            tenure: {
              bands: {
                on: { signal: 'tenure' },
                ge: [
                  [20, 'old'],
                  [2, 'young'],
                ],
                else: 'new',
                missing: 'never',
              },
            },
            ...(single
              ? {}
              : {
                  place: {
                    matrix: {
                      rows: { group: 'money', ge: [[20, 'A']], else: 'B' },
                      cols: { groups: ['contact', 'mood'], ge: [[15, 1]], else: 2 },
                    },
                  },
                }),
          }
        : {},
    };
  });

export const steps = { minute, hour };
