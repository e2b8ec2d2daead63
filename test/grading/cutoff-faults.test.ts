import { describe, expect, it } from 'vitest';
import { smallModel } from './model-files.ts';
import { expectFault, faultsIn } from './model-problems.ts';

const rank = (changes = {}, more = {}) =>
  smallModel({ cutoffs: { method: 'rank', upTo: { A: 0.2, B: 0.5 }, ...changes }, ...more });
const absolute = (changes = {}, more = {}) =>
  smallModel({ cutoffs: { method: 'absolute', atLeast: { A: 100, B: 50 }, ...changes }, ...more });

/** Fit × engagement over two groups of one factor each. */
const matrix = (changes = {}, more = {}) =>
  smallModel({
    signals: { fit: { from: { attribute: 'fit' } }, warm: { from: { attribute: 'warm' } } },
    score: {
      combine: 'weightedSum',
      groups: Object.fromEntries(
        ['fit', 'warm'].map((signal) => [
          signal,
          { factors: [{ signal, weight: 50, scale: { linear: { from: 0, to: 1 } } }] },
        ]),
      ),
    },
    cutoffs: {
      method: 'matrix',
      rows: { group: 'fit', ge: [[25, 'A']], else: 'B' },
      cols: { group: 'warm', ge: [[25, 1]], else: 2 },
      cells: { A1: 'A', A2: 'B', B1: 'B', B2: 'C' },
      ...changes,
    },
    ...more,
  });
const fallback = { method: 'absolute', atLeast: { A: 100, B: 50 } };

describe('cut-offs', () => {
  it.each([
    ['by rank', rank()],
    [
      'by rank with all there is',
      rank({
        ties: 'include',
        tieBreak: [{ signal: 'sales', dir: 'asc' }, 'id'],
        minPopulation: 20,
        fallback,
        nonPositive: 'C',
      }),
    ],
    ['by share', rank({ method: 'share', boundary: 'end' })],
    ['by score', absolute({ nonPositive: 'C' })],
    ['by matrix', matrix()],
  ])('are accepted %s', (_what, file) => {
    expect(faultsIn(file)).toEqual([]);
  });

  it.each([
    [
      'an unknown method',
      rank({ method: 'magic' }),
      'cutoffs.method: method is rank, share, absolute or matrix | method: magic',
    ],
    [
      'grades in the wrong order',
      absolute({ atLeast: { B: 50, A: 100 } }),
      'cutoffs.atLeast: cut-offs must name A, B, in this order: every ranked grade but the last | atLeast:',
    ],
    ['a ranked grade left out', rank({ upTo: { A: 0.2 } }), 'cutoffs.upTo: cut-offs must name A, B, in this order'],
    [
      'scores that do not fall',
      absolute({ atLeast: { A: 50, B: 50 } }),
      'cutoffs.atLeast.B: B begins at 50, not below A (50); cut-offs must fall | B: 50',
    ],
    [
      'portions that do not grow',
      rank({ upTo: { A: 0.5, B: 0.4 } }),
      'cutoffs.upTo.B: B goes down to 0.4, not beyond A (0.5); portions must grow | B: 0.4',
    ],
    [
      'a portion in per cent',
      rank({ upTo: { A: 20, B: 50 } }),
      'cutoffs.upTo.A: a portion lies between 0 and 1, e.g. 0.2 for the best 20 %',
    ],
    ['a portion of nothing', rank({ upTo: { A: 0, B: 0.5 } }), 'cutoffs.upTo.A: a portion lies between 0 and 1'],
    [
      'a portion without end',
      rank({ upTo: { A: 1 / 3, B: 0.5 } }),
      'cutoffs.upTo.A: a portion has at most 6 decimals | A: 0.333',
    ],
    [
      'a minimum without another way',
      rank({ minPopulation: 20 }),
      'cutoffs.minPopulation: with fewer than 20 customers something else must decide: add fallback: { method: absolute, atLeast: { … } } | minPopulation: 20',
    ],
    [
      'another way that is never taken',
      rank({ fallback }),
      'cutoffs.fallback: a fallback decides below minPopulation: add minPopulation, e.g. 20, or remove the fallback | fallback:',
    ],
    [
      'another way with faults of its own',
      rank({ minPopulation: 5, fallback: { method: 'absolute', atLeast: { A: 1, B: 2 } } }),
      'cutoffs.fallback.atLeast.B: B begins at 2, not below A (1); cut-offs must fall | B: 2',
    ],
    [
      'another way by rank',
      rank({ minPopulation: 5, fallback: { method: 'rank', atLeast: {} } }),
      'cutoffs.fallback.method: a fallback is { method: absolute, atLeast: { … } } | method: rank',
    ],
    [
      'ties broken by an unknown signal',
      rank({ tieBreak: [{ signal: 'x', dir: 'asc' }, 'id'] }),
      'cutoffs.tieBreak[0].signal: unknown signal x; there are sales | - signal: x',
    ],
    [
      'something behind the id',
      rank({ tieBreak: ['id', { signal: 'sales', dir: 'asc' }] }),
      'cutoffs.tieBreak[0]: no two customers have the same id: what follows it is never looked at; move id to the end | - id',
    ],
    [
      'a tie-break that is none',
      rank({ tieBreak: ['name'] }),
      'cutoffs.tieBreak[0]: a tie-break is { signal: name, dir: desc } or id | - name',
    ],
    [
      'an unknown grade for nothing',
      rank({ nonPositive: 'Z' }),
      'cutoffs.nonPositive: unknown grade Z; there are A, B, C, X | nonPositive: Z',
    ],
    [
      'an unranked grade for nothing',
      absolute({ nonPositive: 'X' }),
      'cutoffs.nonPositive: X is not ranked, so it is no nonPositive | nonPositive: X',
    ],
    [
      'a boundary that is none',
      rank({ method: 'share', boundary: 'middle' }),
      'cutoffs.boundary: boundary is start or end | boundary: middle',
    ],
    ['a boundary by rank', rank({ boundary: 'start' }), 'cutoffs.boundary: unknown key "boundary" | boundary: start'],
    [
      'a combination without grade',
      matrix({ cells: { A1: 'A', A2: 'B', B1: 'B' } }),
      'cutoffs.cells: no grade for B2: cells must name every combination of a row and a column | cells:',
    ],
    [
      'a grade for no combination',
      matrix({ cells: { A1: 'A', A2: 'B', B1: 'B', B2: 'C', C1: 'C' } }),
      'cutoffs.cells.C1: C1 is no combination of a row and a column; there are A1, A2, B1, B2 | C1: C',
    ],
    [
      'a cell of an unknown grade',
      matrix({ cells: { A1: 'Z', A2: 'B', B1: 'B', B2: 'C' } }),
      'cutoffs.cells.A1: unknown grade Z; there are A, B, C, X | A1: Z',
    ],
    [
      'a cell of an unranked grade',
      matrix({ cells: { A1: 'X', A2: 'B', B1: 'B', B2: 'C' } }),
      'cutoffs.cells.A1: X is not ranked, so it is no cell | A1: X',
    ],
    [
      'combinations of one name',
      matrix({
        rows: { group: 'fit', ge: [[25, 'A']], else: 'A1' },
        cols: { group: 'warm', ge: [[25, 1]], else: 11 },
        cells: { A1: 'A', A11: 'B', A111: 'C' },
      }),
      'cutoffs.cells: two combinations are both called A11; give rows or columns other labels | cells:',
    ],
    [
      'a row of an unknown group',
      matrix({ rows: { group: 'size', ge: [[25, 'A']], else: 'B' } }),
      'cutoffs.rows.group: unknown group size; there are fit, warm | group: size',
    ],
    [
      'columns whose limits do not fall',
      matrix({
        cols: {
          groups: ['fit', 'warm'],
          ge: [
            [25, 1],
            [30, 2],
          ],
          else: 2,
        },
        cells: { A1: 'A', A2: 'B', B1: 'B', B2: 'C' },
      }),
      'cutoffs.cols.ge[1][0]: limits must fall from band to band: 30 follows 25 | - - 30',
    ],
    [
      'partitions without ranks',
      absolute({}, { partitions: ['region'] }),
      'partitions: partitions divide customers that are ranked: they go with cut-offs by rank or share; remove them | partitions:',
    ],
    [
      'a partition named twice',
      rank({}, { partitions: ['region', 'region'] }),
      'partitions[1]: region is named twice; give one of them another name | - region',
    ],
  ])('are refused for %s, saying where and why', (_what, file, expected) => {
    expectFault(file, expected);
  });
});

describe('stability', () => {
  const band = (hysteresis: object) => ({ stability: { hysteresis } });

  it.each([
    ['nothing', rank({}, { stability: {} })],
    ['a band by rank', rank({}, band({ unit: 'rank', up: 0.01, down: 0.02 }))],
    ['a band by score', absolute({}, band({ unit: 'score', up: 1, down: 3 }))],
    ['dwell and step on a matrix', matrix({}, { stability: { dwell: { up: 'PT0S', down: 'P3D' }, maxStep: 1 } })],
  ])('is accepted with %s', (_what, file) => {
    expect(faultsIn(file)).toEqual([]);
  });

  it.each([
    [
      'a band by rank without ranks',
      absolute({}, band({ unit: 'rank', down: 0.02 })),
      'stability.hysteresis.unit: a margin by rank goes with cut-offs by rank or share; use unit: score or relative | unit: rank',
    ],
    [
      'a band around cells',
      matrix({}, band({ unit: 'score', down: 2 })),
      'stability.hysteresis: cells have no margins: remove hysteresis; dwell and maxStep go with a matrix | hysteresis:',
    ],
    [
      'an exit beyond everybody',
      rank({}, band({ unit: 'rank', down: 0.5 })),
      'stability.hysteresis.down: nobody would ever leave B: its exit lies at 1, beyond all customers; it must stay below 1 | down: 0.5',
    ],
    [
      'an entrance before everybody',
      rank({}, band({ unit: 'rank', up: 0.2 })),
      'stability.hysteresis.up: nobody would ever enter A: its entrance lies at 0; it must stay above 0 | up: 0.2',
    ],
    [
      'a margin without end',
      rank({}, band({ unit: 'rank', up: 1 / 30 })),
      'stability.hysteresis.up: a margin by rank has at most 6 decimals | up: 0.0333',
    ],
    [
      'a relative margin of all',
      absolute({}, band({ unit: 'relative', down: 1 })),
      'stability.hysteresis.down: a relative margin is a portion of the cut-off, below 1: 0.1 is ten per cent | down: 1',
    ],
    [
      'a negative margin',
      absolute({}, band({ unit: 'score', down: -1 })),
      'stability.hysteresis.down: a margin is 0 or more | down: -1',
    ],
    [
      'a dwell in months',
      absolute({}, { stability: { dwell: { down: 'P1M' } } }),
      'stability.dwell.down: a dwell is a fixed time: write days, e.g. P30D instead of P1M | down: P1M',
    ],
    [
      'no step at all',
      absolute({}, { stability: { maxStep: 0 } }),
      'stability.maxStep: a change is at least one grade; null sets no limit | maxStep: 0',
    ],
  ])('is refused for %s, saying where and why', (_what, file, expected) => {
    expectFault(file, expected);
  });
});
