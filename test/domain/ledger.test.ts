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
  verifyLedger(entries, head, key, hashing, () => true).faults;
const with2 = (change: Partial<LedgerEntry>): LedgerEntry[] =>
  three.entries.map((entry) => (entry.seq === 2 ? { ...entry, ...change } : entry));

describe('a ledger', () => {
  it('verifies from its first entry to its head', () => {
    expect(verifyLedger(three.entries, three.head, key, hashing, () => true)).toEqual({
      entries: 3,
      undecided: 0,
      erased: 0,
      faults: [],
    });
    expect(verifyLedger([], emptyLedger, undefined, hashing, () => true)).toEqual({
      entries: 0,
      undecided: 0,
      erased: 0,
      faults: [],
    });
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

  it('shows an entry that its model decides otherwise, and counts one whose model is not at hand', () => {
    const second = (answer: boolean | undefined) => (body: LedgerBody) => (body.seq === 2 ? answer : true);
    const proofBy = (answer: boolean | undefined) =>
      verifyLedger(three.entries, three.head, key, hashing, second(answer));
    expect(proofBy(false)).toMatchObject({ undecided: 0, faults: [{ seq: 2, fault: 'wrong-grade' }] });
    expect(proofBy(undefined)).toMatchObject({ undecided: 1, faults: [] });
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
      expect(verifyLedger(erased, three.head, gone, hashing, () => false)).toEqual({
        entries: 3,
        undecided: 0,
        erased: 3,
        faults: [],
      });
      expect(verifyLedger(erased.slice(0, 2), three.head, gone, hashing, () => false).faults).toEqual([
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
