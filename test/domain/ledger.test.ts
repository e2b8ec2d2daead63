import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CustomerId } from '#shared/domain/ids.ts';
import {
  chainEntry,
  emptyLedger,
  LedgerBody,
  type LedgerEntry,
  type LedgerHead,
  verifyLedger,
} from '#shared/domain/ledger.ts';
import { hashing } from '#shared/runtime/hashing.ts';

const key = 'ab'.repeat(32);
const bodyOf = (seq: number, said: Partial<LedgerBody> = {}): LedgerBody => ({
  customer: CustomerId.parse('account:shop:1'),
  seq,
  at: 1_000 * seq,
  model: { id: 'tiers', version: 1, hash: 'h' },
  decides: true,
  from: seq === 1 ? null : 'B',
  to: 'B',
  direction: seq === 1 ? 'initial' : 'up',
  score: 60,
  raw: 'B',
  cuts: { A: 80, B: 60 },
  cause: { type: 'timer' },
  contributions: [{ factor: 'sales', points: 60, value: 2_042.76 }],
  ...said,
});

const chain = (bodies: readonly LedgerBody[]): { entries: LedgerEntry[]; head: LedgerHead } => {
  const entries: LedgerEntry[] = [];
  let head = emptyLedger;
  for (const body of bodies) {
    const entry = chainEntry(head, body, key, hashing);
    entries.push(entry);
    head = { seq: entry.seq, hash: entry.hash };
  }
  return { entries, head };
};

const three = chain([bodyOf(1), bodyOf(2), bodyOf(3)]);
const faultsOf = (entries: readonly LedgerEntry[], head = three.head) =>
  verifyLedger(entries, head, key, hashing).faults;
const with2 = (change: Partial<LedgerEntry>): LedgerEntry[] =>
  three.entries.map((entry) => (entry.seq === 2 ? { ...entry, ...change } : entry));

describe('a ledger', () => {
  it('verifies from its first entry to its head', () => {
    expect(verifyLedger(three.entries, three.head, key, hashing)).toEqual({ entries: 3, erased: 0, faults: [] });
    expect(verifyLedger([], emptyLedger, undefined, hashing)).toEqual({ entries: 0, erased: 0, faults: [] });
  });

  it('verifies after a way through storage that keeps no order of members', () => {
    const stored = three.entries.map((entry) => ({
      ...entry,
      body: Object.fromEntries(
        Object.entries(JSON.parse(JSON.stringify(entry.body)) as object).reverse(),
      ) as LedgerBody,
    }));
    expect(faultsOf(stored)).toEqual([]);
  });

  it.each([
    ['an altered body', with2({ body: bodyOf(2, { at: 1 }) }), [{ seq: 2, fault: 'altered-body' }]],
    ['a body put in the place of another', with2({ body: bodyOf(1) }), [{ seq: 2, fault: 'altered-body' }]],
    ['a body taken away while the key is still there', with2({ body: undefined }), [{ seq: 2, fault: 'altered-body' }]],
    [
      'an altered digest',
      with2({ digest: 'ff'.repeat(32) }),
      [
        { seq: 2, fault: 'broken-chain' },
        { seq: 2, fault: 'altered-body' },
      ],
    ],
    [
      'an altered hash',
      with2({ hash: 'ff'.repeat(32) }),
      [
        { seq: 2, fault: 'broken-chain' },
        { seq: 3, fault: 'broken-chain' },
      ],
    ],
    ['an altered link to the entry before', with2({ previous: 'ff'.repeat(32) }), [{ seq: 2, fault: 'broken-chain' }]],
    [
      'an altered sequence',
      with2({ seq: 5 }),
      [
        { seq: 2, fault: 'missing' },
        { seq: 5, fault: 'broken-chain' },
      ],
    ],
  ])('shows %s', (_, entries, faults) => {
    expect(faultsOf(entries)).toEqual(expect.arrayContaining(faults));
  });

  it('shows an entry that is missing in the middle, and one that is missing at the beginning', () => {
    expect(faultsOf(three.entries.filter(({ seq }) => seq !== 2))).toEqual([
      { seq: 2, fault: 'missing' },
      { seq: 3, fault: 'broken-chain' },
    ]);
    expect(faultsOf(three.entries.slice(1))).toEqual([
      { seq: 1, fault: 'missing' },
      { seq: 2, fault: 'broken-chain' },
    ]);
  });

  it('shows entries in another order', () => {
    expect(faultsOf([three.entries[1]!, three.entries[0]!, three.entries[2]!])).not.toEqual([]);
  });

  it('shows a tail that was cut off, by its head', () => {
    expect(faultsOf(three.entries.slice(0, 2))).toEqual([{ seq: 3, fault: 'wrong-head' }]);
    expect(faultsOf([])).toEqual([{ seq: 3, fault: 'wrong-head' }]);
    expect(faultsOf(three.entries, { seq: 3, hash: 'ff'.repeat(32) })).toEqual([{ seq: 3, fault: 'wrong-head' }]);
    expect(faultsOf(three.entries, { ...three.head, seq: 4 })).toEqual([{ seq: 4, fault: 'wrong-head' }]);
  });

  it('shows a chain that was rebuilt without the key', () => {
    const other = 'cd'.repeat(32);
    const entry = chainEntry(emptyLedger, bodyOf(1, { to: 'A', raw: 'A', score: 90 }), other, hashing);
    expect(faultsOf([entry], { seq: 1, hash: entry.hash })).toEqual([{ seq: 1, fault: 'altered-body' }]);
  });

  it('verifies as chained once bodies and key are erased, and does not decide them again', () => {
    const erased = three.entries.map((entry) => ({ ...entry, body: undefined }));
    for (const gone of [undefined, '']) {
      expect(verifyLedger(erased, three.head, gone, hashing)).toEqual({ entries: 3, erased: 3, faults: [] });
      expect(verifyLedger(erased.slice(0, 2), three.head, gone, hashing).faults).toEqual([
        { seq: 3, fault: 'wrong-head' },
      ]);
    }
  });

  it('finds whatever single character of an entry is changed', () => {
    fc.assert(
      fc.property(fc.nat(2), fc.nat(10_000), fc.constantFrom('0', 'f', 'x', '7'), (which, place, put) => {
        const text = JSON.stringify(three.entries[which]);
        const at = place % text.length;
        const changed = `${text.slice(0, at)}${put}${text.slice(at + 1)}`;
        const entry = readable(changed);
        fc.pre(changed !== text && entry !== undefined && JSON.stringify(entry) !== text);
        expect(faultsOf(three.entries.map((one, i) => (i === which ? entry : one)))).not.toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

/** As a store would read it; undefined where it refuses to. */
const readable = (text: string): LedgerEntry | undefined => {
  try {
    const entry = JSON.parse(text) as LedgerEntry;
    return { ...entry, body: entry.body === undefined ? undefined : LedgerBody.parse(entry.body) };
  } catch {
    return undefined;
  }
};

describe('deciding an entry again', () => {
  const decides = (said: Partial<LedgerBody>): boolean => {
    const { entries, head } = chain([bodyOf(1, said)]);
    return faultsOf(entries, head).length === 0;
  };

  it.each<[string, Partial<LedgerBody>, boolean]>([
    ['the grade whose cut the score just reaches', { score: 80, raw: 'A', to: 'A' }, true],
    ['a better grade than the score reaches', { score: 79.999, raw: 'A', to: 'A' }, false],
    ['a worse grade than the score reaches', { score: 80 }, false],
    ['the rest, below every cut', { score: 59, raw: 'C', to: 'C' }, true],
    ['a grade with a cut, below every cut', { score: 59, raw: 'B', to: 'B' }, false],
    ['another grade by a guard', { score: 90, raw: 'A', to: 'C', guard: 'complaint' }, true],
    ['another grade by nothing', { score: 90, raw: 'A', to: 'C' }, false],
    ['no grade outside the scope', { score: null, raw: null, to: null }, true],
    ['a grade outside the scope', { score: null, raw: null, to: 'B' }, false],
    ['a raw grade outside the scope', { score: null, raw: 'B', to: null }, false],
  ])('accepts or refuses %s', (_, said, holds) => {
    expect(decides(said)).toBe(holds);
  });
});
