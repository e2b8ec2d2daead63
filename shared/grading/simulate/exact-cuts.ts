import { type CohortCuts, type CohortId, type CohortSpec, tooFew, zoneOf } from '../../domain/cohort.ts';
import { placesWithin, readThreshold, worthOf } from '../../domain/cohort-amount.ts';
import { ruleOf } from '../../domain/cut-rule.ts';
import type { CustomerId } from '../../domain/ids.ts';
import { type RankKey, rankKeyOf, scoreOfKey, scorePrefix } from '../../domain/rank-key.ts';

/** A cohort of which everybody is known. */
export interface WholeCohort {
  readonly cohort: CohortId;
  readonly spec: CohortSpec;
  /** The first number of each member's key, in any order. */
  readonly ranks: Float64Array;
  /** The whole key of a member. */
  readonly keyAt: (member: number) => RankKey;
}

/** The cuts that a live cohort of the same members has, from all of them at once. */
export const exactCuts = (whole: WholeCohort): CohortCuts => {
  const { cohort, spec, ranks } = whole;
  const ordered = bestFirst(ranks);
  const cuts = countsInside(spec, ordered).map((inside) => {
    if (inside === 0) return { key: null };
    const key = keyOfPlace(whole, ordered, inside - 1);
    if (spec.ties !== 'exclude') return { key };
    return { key, tied: inside < ordered.size && isSame(ordered.at(inside), ordered.at(inside - 1)) };
  });
  return { cohort, version: 1, members: ordered.size, cuts };
};

/** The zone of a member by its rank; `key` is asked for where a cut has the very same one. */
export const zoneFinder = (cuts: CohortCuts, spec: CohortSpec): ((rank: number, key: () => RankKey) => number) => {
  if (cuts.members < spec.minPopulation) return () => tooFew;
  const ranks = cuts.cuts.map(({ key }) => (key === null ? undefined : scoreOfKey(key)));
  return (rank, key) => {
    let zone = 0;
    for (const cut of ranks) {
      if (cut !== undefined && isSame(rank, cut)) return zoneOf(key(), cuts, spec);
      if (cut !== undefined && isBetter(rank, cut)) return zone;
      zone += 1;
    }
    return zone;
  };
};

/** What is unknown ranks last, and equals only itself. */
const isSame = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));
const isBetter = (a: number, b: number): boolean => a > b || (Number.isNaN(b) && !Number.isNaN(a));

interface Ordered {
  readonly size: number;
  readonly at: (place: number) => number;
}

/** Sorting numbers alone is ten times faster than sorting members by them. */
const bestFirst = (ranks: Float64Array): Ordered => {
  const ascending = ranks.toSorted(); // puts NaN last
  let known = ascending.length;
  while (known > 0 && Number.isNaN(ascending[known - 1])) known -= 1;
  return {
    size: ascending.length,
    at: (place) => (place < known ? (ascending[known - 1 - place] ?? Number.NaN) : Number.NaN),
  };
};

const countsInside = (spec: CohortSpec, ordered: Ordered): readonly number[] =>
  spec.method === 'rank'
    ? spec.thresholds.map((text) => placesWithin(readThreshold(text), ordered.size))
    : countsByShare(spec, ordered);

const countsByShare = (spec: CohortSpec, { size, at }: Ordered): readonly number[] => {
  const keys = lazyKeys(at);
  let total = 0n;
  for (let place = 0; place < size; place += 1) total += worthOf(keys(place));
  const rules = spec.thresholds.map((_, index) => ruleOf(spec, index, { members: size, worth: total }));
  const counts = rules.map(() => size);
  const open = new Set(rules.keys());
  let worth = 0n;
  for (let above = 0; above < size && open.size > 0; above += 1) {
    const key = keys(above);
    for (const index of open) {
      if (rules[index]?.takesIn({ above, worth }, key) === true) continue;
      counts[index] = above;
      open.delete(index);
    }
    worth += worthOf(key);
  }
  return counts;
};

/** Worth is read from keys; equal ranks, of which there are many, share one. */
const lazyKeys = (at: Ordered['at']): ((place: number) => RankKey) => {
  let last: { readonly rank: number; readonly key: RankKey } | undefined;
  return (place) => {
    const rank = at(place);
    if (last === undefined || !isSame(last.rank, rank)) last = { rank, key: startOf(rank) };
    return last.key;
  };
};

/** What all keys of a rank begin with. */
const startOf = (rank: number): RankKey => scorePrefix(rankKeyOf([rank], '' as CustomerId));

/** Members of one rank are in the order of the rest of their keys. */
const keyOfPlace = ({ ranks, keyAt }: WholeCohort, { at }: Ordered, place: number): RankKey => {
  const rank = at(place);
  let better = 0;
  const tied: RankKey[] = [];
  for (let member = 0; member < ranks.length; member += 1) {
    const other = ranks[member] ?? Number.NaN;
    if (isSame(other, rank)) tied.push(keyAt(member));
    else if (isBetter(other, rank)) better += 1;
  }
  return tied.sort()[place - better] ?? startOf(rank);
};
