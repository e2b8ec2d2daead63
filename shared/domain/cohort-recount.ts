import type { CohortSpec } from './cohort.ts';
import { worthOf } from './cohort-amount.ts';
import type { CohortHead, HeadCut } from './cohort-head.ts';
import { displacedRanges } from './cohort-reviews.ts';
import { type CutRule, type Inside, ruleOf } from './cut-rule.ts';
import type { Instant } from './instant.ts';
import { type RankKey, scorePrefix } from './rank-key.ts';

/** What a head has to say of the rows there are. */
export type Recounted = Pick<CohortHead, 'members' | 'worth' | 'cuts'>;

export interface Recount {
  /** Takes the next rows in order. */
  add(rows: readonly RankKey[]): void;
  result(): Recounted;
}

/**
 * Counts a cohort from all of its rows, best first, a page at a time. Where a cut belongs depends on members and worth, which are
 * known at the end: they are supposed to be as in `supposed`. When the result says otherwise, its cuts are worth nothing: count
 * again, supposing the result.
 */
export const recount = (spec: CohortSpec, supposed: Pick<Recounted, 'members' | 'worth'>): Recount => {
  const worths = spec.method === 'share' ? worthOf : () => 0n;
  const totals = { members: supposed.members, worth: BigInt(supposed.worth) };
  const cuts = spec.thresholds.map((_, index) => standingCut(ruleOf(spec, index, totals), spec.ties));
  let members = 0;
  let worth = 0n;
  return {
    add: (rows) => {
      for (const row of rows) {
        members += 1;
        worth += worths(row);
        for (const cut of cuts) cut.pass(row);
      }
    },
    result: () => ({ members, worth: String(worth), cuts: cuts.map((cut) => cut.result()) }),
  };
};

const standingCut = (rule: CutRule, ties: CohortSpec['ties']) => {
  let inside: Inside = { above: 0, worth: 0n };
  let key: RankKey | null = null;
  let next: RankKey | undefined;
  return {
    pass: (row: RankKey): void => {
      if (next !== undefined) return;
      if (rule.hasRoom(inside) && rule.takesIn(inside, row)) {
        inside = { above: inside.above + 1, worth: inside.worth + rule.worthOf(row) };
        key = row;
      } else next = row;
    },
    result: (): HeadCut => {
      const cut = { key, above: inside.above, worth: String(inside.worth) };
      if (ties !== 'exclude' || key === null) return cut;
      return { ...cut, tied: next !== undefined && scorePrefix(next) === scorePrefix(key) };
    },
  };
};

/** One figure of a head that is not what its rows say. */
export interface CountDrift {
  readonly what: 'members' | 'worth' | 'cut' | 'inside' | 'worth inside' | 'tie';
  /** Place of the threshold, where it is about a cut. */
  readonly threshold?: number;
  readonly expected: string;
  readonly found: string;
}

export const driftOf = (head: Recounted, exact: Recounted): readonly CountDrift[] => {
  const drifts: CountDrift[] = [];
  const compare = (what: CountDrift['what'], expected: unknown, found: unknown, threshold?: number): void => {
    if (expected === found) return;
    const drift = { what, expected: String(expected), found: String(found) };
    drifts.push(threshold === undefined ? drift : { ...drift, threshold });
  };
  compare('members', exact.members, head.members);
  compare('worth', exact.worth, head.worth);
  for (const [threshold, cut] of exact.cuts.entries()) {
    const found = head.cuts[threshold];
    compare('cut', cut.key, found?.key, threshold);
    compare('inside', cut.above, found?.above, threshold);
    compare('worth inside', cut.worth, found?.worth, threshold);
    compare('tie', cut.tied ?? false, found?.tied ?? false, threshold);
  }
  return drifts;
};

/** The head as it has to be, owing a review to everybody who is in another zone by it. */
export const putRight = (head: CohortHead, exact: Recounted, spec: CohortSpec, at: Instant): CohortHead => {
  const { owed: _, ...rest } = head;
  const cuts = exact.cuts.map((cut, index) => ({
    ...cut,
    // counts that were wrong do not tell that nobody is between two cuts
    passed: Math.max(1, Math.abs(cut.above - (head.cuts[index]?.above ?? 0))),
  }));
  const ranges = displacedRanges(head, { members: exact.members, cuts }, spec);
  const next = { ...rest, ...exact, revision: head.revision + 1, version: head.version + 1 };
  return ranges.length === 0 ? next : { ...next, owed: { ranges: [...ranges], customers: [], at } };
};
