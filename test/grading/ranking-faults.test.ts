import { describe, expect, it } from 'vitest';
import { smallModel } from './model-files.ts';
import { expectFault, faultsIn } from './model-problems.ts';

const paid = { events: ['invoice.paid'] };
const fading = { from: paid, value: { path: 'amount' }, agg: 'sum', decay: { halfLife: 'P30D' } };
const byDay = { ...fading, decay: { halfLife: 'P30D', align: 'day' } };
const days = { from: paid, agg: 'daysSinceLast' };
const still = { from: { attribute: 'size' } };

/** Ranked by one signal. */
const by = (signal: object, { method = 'rank', ...more }: { method?: string; [key: string]: unknown } = {}) =>
  smallModel({
    signals: { s: signal },
    score: { combine: 'single', signal: 's' },
    cutoffs: { method, upTo: { A: 0.2, B: 0.5 } },
    ...more,
  });

/** Ranked by a weighted sum of one factor; ties are broken by another signal. */
const among = (signal: object, scale: object, tie: object = still, more = {}) =>
  smallModel({
    signals: { s: signal, tie },
    score: { combine: 'weightedSum', groups: { all: { factors: [{ signal: 's', weight: 100, scale }] } } },
    cutoffs: { method: 'rank', upTo: { A: 0.2, B: 0.5 }, tieBreak: [{ signal: 'tie', dir: 'desc' }, 'id'] },
    ...more,
  });
const saturate = { saturate: { half: 5 } };
const bandsBelow = { bandsBelow: [[30, 1]], else: 0 };
const band = (unit: string) => ({ stability: { hysteresis: { unit, down: 0.1 } } });
const population = (more: object) => ({ asOf: '2026-03-01T00:00:00Z', customers: 500, ...more });

describe('what customers are ranked by', () => {
  it.each([
    ['one decay: all shrink by one factor', by(fading)],
    ['one decay with a margin in places', by(fading, band('rank'))],
    ['points that only add up', by({ ...fading, value: { perEvent: { 'invoice.paid': 3 } } })],
    ['days since the last purchase', by(days)],
    ['days, with a margin in places', by(days, band('rank'))],
    ['a decay aligned to the day, by share', by(byDay, { method: 'share' })],
    ['a decay aligned to the day among other points', among(byDay, saturate)],
    ['days in bands', among(days, bandsBelow)],
    ['days to break ties', among(still, saturate, days)],
    ['a decay to break ties', among(still, saturate, fading)],
    [
      'a percentile of a snapshot',
      among(still, { percentile: true }, still, { population: population({ quantiles: { s: [0, 1, 1, 9] } }) }),
    ],
  ])('may be %s', (_what, file) => {
    expect(faultsIn(file)).toEqual([]);
  });

  it.each([
    [
      'a decay among other points',
      among(fading, saturate),
      'signals.s.decay: customers would change places at every moment: align it to the day: decay: { halfLife: P30D, align: day } | decay:',
    ],
    [
      'a decay whose points may be negative',
      by({
        ...fading,
        from: { events: ['invoice.paid', 'invoice.refunded'] },
        value: { path: 'amount', sign: { 'invoice.refunded': -1 } },
      }),
      'signals.s.decay: with points below zero the order changes at every moment: align it to the day: decay: { halfLife: P30D, align: day } | decay:',
    ],
    [
      'a tie-break whose points may be negative',
      among(still, saturate, { ...fading, value: { perEvent: { 'invoice.paid': -1 } } }),
      'signals.tie.decay: with points below zero the order changes at every moment',
    ],
    [
      'a fixed value among days that grow',
      by({ ...days, missing: { value: 999 } }),
      'signals.s.missing: a fixed value among values that move changes places at every moment: remove it, unknown ranks last | missing:',
    ],
    [
      'a fixed value among values that fade',
      by({ ...fading, missing: { value: 5 } }),
      'signals.s.missing: a fixed value among',
    ],
    [
      'a share of what fades',
      by(fading, { method: 'share' }),
      'score.signal: s moves for everybody all the time, so its total does: use cut-offs by rank, or a sum over a window | signal: s',
    ],
    ['a share of days', by(days, { method: 'share' }), 'score.signal: s moves for everybody all the time'],
    [
      'a fixed distance between ranked scores',
      by(still, band('score')),
      'stability.hysteresis.unit: customers that are ranked leave a grade by rank: use unit: rank, e.g. down: 0.02 for two of a hundred | unit: score',
    ],
    [
      'a portion of ranked scores',
      by(days, band('relative')),
      'stability.hysteresis.unit: customers that are ranked leave a grade by rank: use unit: rank',
    ],
    [
      'a percentile without a snapshot',
      among(still, { percentile: true }),
      'score.groups.all.factors[0].scale.percentile: percentile looks up s in a snapshot of all customers: run `regrade fit population`, which writes population.quantiles.s | percentile: true',
    ],
    [
      'a percentile that its snapshot leaves out',
      among(still, { percentile: true }, still, { population: population({ quantiles: { tie: [1, 2] } }) }),
      'score.groups.all.factors[0].scale.percentile: percentile looks up s in a snapshot',
    ],
  ])('must not be %s', (_what, file, expected) => {
    expectFault(file, expected);
  });

  it('is no percentile where scores decide by themselves', () => {
    const cutoffs = { method: 'absolute', atLeast: { A: 50, B: 20 } };
    expect(faultsIn(among(still, { percentile: true }, still, { cutoffs }))).toContainEqual(
      expect.stringContaining(
        'score.groups.all.factors[0].scale.percentile: a percentile moves with everybody: it goes with cut-offs by rank or share; use bands, linear, log or saturate | percentile: true',
      ),
    );
  });
});

describe('a snapshot of the population', () => {
  const snapshot = (more: object) => among(still, saturate, still, { population: population(more) });

  it('holds means of factors and quantiles of signals', () => {
    expect(faultsIn(snapshot({ means: { s: 0.4 }, quantiles: { tie: [-3, 0, 0, 12] } }))).toEqual([]);
    expect(faultsIn(by(still, { population: population({ means: { s: 812.5 } }) }))).toEqual([]);
  });

  it.each([
    [
      'a mean of no factor',
      { means: { tie: 0.5 } },
      'population.means.tie: unknown factor tie; there are s | tie: 0.5',
    ],
    [
      'a mean beyond its weight',
      { means: { s: 1.5 } },
      "population.means.s: a factor's mean is a share of its weight, 0 to 1 | s: 1.5",
    ],
    [
      'quantiles of no signal',
      { quantiles: { x: [1, 2] } },
      'population.quantiles.x: unknown signal x; there are s, tie | x:',
    ],
    [
      'quantiles that fall',
      { quantiles: { s: [1, 3, 2] } },
      'population.quantiles.s[2]: quantiles must not fall: 2 follows 3 | - 2',
    ],
    [
      'one quantile',
      { quantiles: { s: [1] } },
      'population.quantiles.s: name at least the least and the greatest value | s:',
    ],
    [
      'no instant',
      { asOf: 'yesterday' },
      'population.asOf: asOf is an instant, e.g. 2026-03-01T00:00:00Z | asOf: yesterday',
    ],
  ])('is refused for %s', (_what, more, expected) => {
    expectFault(snapshot(more), expected);
  });
});
