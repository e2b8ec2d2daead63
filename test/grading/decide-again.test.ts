import { describe, expect, it } from 'vitest';
import { CohortId } from '#shared/domain/cohort.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import type { LedgerBody } from '#shared/domain/ledger.ts';
import { rankKeyOf } from '#shared/domain/rank-key.ts';
import { decidesAgainBy } from '#shared/grading/decides-again.ts';
import { compiled, smallModel } from './model-files.ts';

const acme = CustomerId.parse('account:shop:acme');
const day = 86_400_000;
const now = Date.UTC(2026, 4, 1);

const bodyOf = (said: Partial<LedgerBody>): LedgerBody => ({
  customer: acme,
  seq: 1,
  at: now,
  model: { id: 'small', version: 1, hash: 'hash' },
  decides: true,
  from: null,
  to: 'A',
  direction: 'initial',
  score: 120,
  raw: 'A',
  cuts: { A: 100, B: 50 },
  cause: { type: 'timer' },
  contributions: [],
  ...said,
});

describe('an entry decided again', () => {
  const guards = [
    { id: 'gone', when: { eq: [{ field: 'gone' }, true] }, then: { grade: 'X' } },
    { id: 'dull', when: { eq: [{ field: 'dull' }, true] }, then: { cap: 'B' } },
    { id: 'dear', when: { eq: [{ field: 'dear' }, true] }, then: { floor: 'B' } },
  ];
  const decides = decidesAgainBy([compiled(smallModel({ guards }))]);

  it.each<[string, Partial<LedgerBody>, boolean]>([
    ['the grade whose cut the score just reaches', { score: 100 }, true],
    ['a better grade than the score reaches', { score: 99.999 }, false],
    ['a better raw grade than the score reaches', { score: 60, to: 'B' }, false],
    ['a worse grade than the score reaches', { raw: 'B', to: 'B' }, false],
    ['the rest, below every cut', { score: 49, raw: 'C', to: 'C' }, true],
    ['a grade with a cut, below every cut', { score: 49, raw: 'B', to: 'B' }, false],
    ['another grade by nothing', { to: 'C' }, false],
    ['the grade that a guard names', { to: 'X', guard: 'gone' }, true],
    ['another grade than the guard names', { to: 'C', guard: 'gone' }, false],
    ['a capped grade', { to: 'B', guard: 'dull' }, true],
    ['a cap that did not cap', { to: 'A', guard: 'dull' }, false],
    ['a lifted grade', { score: 10, raw: 'C', to: 'B', guard: 'dear' }, true],
    ['a guard that the model does not have', { to: 'C', guard: 'unheard-of' }, false],
    ['no grade outside the scope', { score: null, raw: null, to: null }, true],
    ['a grade outside the scope', { score: null, raw: null, to: 'B' }, false],
    ['a raw grade outside the scope', { score: null, raw: 'B', to: null }, false],
    ['a hold', { to: 'C', hold: { command: 'c', grade: 'C', until: now + 1, by: 'ann', why: 'w' } }, true],
    ['a hold that had ended', { to: 'C', hold: { command: 'c', grade: 'C', until: now, by: 'ann', why: 'w' } }, false],
    ['another grade than was held', { to: 'B', hold: { command: 'c', grade: 'C', by: 'ann', why: 'w' } }, false],
  ])('accepts or refuses %s', (_, said, holds) => {
    expect(decides(bodyOf(said))).toBe(holds);
  });

  it('is left undecided when another version of the model decided it', () => {
    expect(decides(bodyOf({ model: { id: 'small', version: 2, hash: 'other' } }))).toBeUndefined();
  });
});

describe('an entry with exit bands and dwell, decided again', () => {
  const decides = decidesAgainBy([
    compiled(
      smallModel({
        stability: {
          hysteresis: { unit: 'score', up: 0, down: 10 },
          dwell: { up: 'PT0S', down: 'P7D' },
          maxStep: 1,
        },
      }),
    ),
  ]);
  const down = { from: 'A', direction: 'down' } as const;

  it.each<[string, Partial<LedgerBody>, boolean]>([
    ['a fall that lasted', { ...down, to: 'B', raw: 'B', score: 80, waitedSince: now - 7 * day }, true],
    ['a fall that did not last', { ...down, to: 'B', raw: 'B', score: 80, waitedSince: now - 7 * day + 1 }, false],
    ['a fall that did not wait', { ...down, to: 'B', raw: 'B', score: 80 }, false],
    ['a fall inside the exit band', { ...down, to: 'B', raw: 'B', score: 95, waitedSince: now - 7 * day }, false],
    ['two steps at once', { ...down, to: 'C', raw: 'C', score: 5, waitedSince: now - 7 * day }, false],
    ['one step of two', { ...down, to: 'B', raw: 'C', score: 5, waitedSince: now - 7 * day }, true],
    ['a rise at once', { from: 'B', direction: 'up', to: 'A' }, true],
  ])('accepts or refuses %s', (_, said, holds) => {
    expect(decides(bodyOf(said))).toBe(holds);
  });
});

describe('an entry by rank, decided again', () => {
  const decides = decidesAgainBy([
    compiled(
      smallModel({
        cutoffs: {
          method: 'rank',
          upTo: { A: 0.2, B: 0.5 },
          tieBreak: ['id'],
          minPopulation: 4,
          fallback: { method: 'absolute', atLeast: { A: 1_000, B: 100 } },
          nonPositive: 'C',
        },
      }),
    ),
  ]);
  const cohort = CohortId.parse('small:hash:');
  const rankAt = (score: number, members = 10): Pick<LedgerBody, 'rank' | 'score'> => ({
    score,
    rank: {
      ...{ cohort, version: 3, members, key: rankKeyOf([score], acme) },
      cuts: [{ key: rankKeyOf([500], acme) }, { key: rankKeyOf([100], acme) }],
    },
  });

  it.each<[string, Partial<LedgerBody>, boolean]>([
    ['the last one inside', { ...rankAt(500), zone: 0 }, true],
    ['the first one outside', { ...rankAt(499), zone: 1, to: 'B', raw: 'B' }, true],
    ['the first one outside as if inside', { ...rankAt(499), zone: 0 }, false],
    ['a rank that was made up', { ...rankAt(20), zone: 0 }, false],
    ['the absolute cut-offs of a small cohort', { ...rankAt(500, 3), zone: -1, to: 'B', raw: 'B' }, true],
    ['a rank in a cohort too small for ranks', { ...rankAt(500, 3), zone: 0 }, false],
    [
      'a score of nothing above the last grade',
      { ...rankAt(0), zone: 0, rank: { ...rankAt(0).rank!, cuts: [{ key: '~' }, { key: '~' }] } },
      false,
    ],
  ])('accepts or refuses %s', (_, said, holds) => {
    expect(decides(bodyOf(said))).toBe(holds);
  });
});

describe('an entry by a table of fit and engagement, decided again', () => {
  const file = smallModel({
    score: {
      combine: 'weightedSum',
      groups: {
        fit: { factors: [{ signal: 'sales', weight: 60, scale: { linear: { from: 0, to: 100 } } }] },
        talk: { factors: [{ signal: 'sales', weight: 40, scale: { linear: { from: 0, to: 100 } } }] },
      },
    },
    cutoffs: {
      method: 'matrix',
      rows: { group: 'fit', ge: [[30, 'A']], else: 'B' },
      cols: { group: 'talk', ge: [[20, 1]], else: 2 },
      cells: { A1: 'A', A2: 'B', B1: 'B', B2: 'C' },
    },
  });
  const decides = decidesAgainBy([compiled(file)]);
  const points = (fit: number, talk: number): Partial<LedgerBody> => ({
    score: fit + talk,
    contributions: [
      { factor: 'sales', group: 'fit', points: fit },
      { factor: 'sales', group: 'talk', points: talk },
    ],
  });

  it.each<[string, Partial<LedgerBody>, boolean]>([
    ['the cell of its points', { ...points(30, 20) }, true],
    ['the cell beside', { ...points(30, 19.999) }, false],
    ['the last cell', { ...points(0, 0), raw: 'C', to: 'C' }, true],
  ])('accepts or refuses %s', (_, said, holds) => {
    expect(decides(bodyOf(said))).toBe(holds);
  });
});
