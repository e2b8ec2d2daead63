import { type CohortSpec, type CutKey, type Displacement, zoneOf } from './cohort.ts';
import type { CohortHead, NetMove, OwedReviews } from './cohort-head.ts';
import type { WalkedCut } from './cohort-walk.ts';
import type { CustomerId } from './ids.ts';
import { afterAll, type RankKey, scoreOfKey, scorePrefix } from './rank-key.ts';

type Range = OwedReviews['ranges'][number];
type Cutting = Pick<CohortHead, 'members' | 'cuts'>;

const everybody: readonly Range[] = [{ after: '', upTo: afterAll }];

/** Ranges of keys, apart from each other, whose members are in another zone by the cuts after than by those before. */
export const displacedRanges = (
  before: Cutting,
  { members, cuts }: { readonly members: number; readonly cuts: readonly WalkedCut[] },
  spec: CohortSpec,
): readonly Range[] => {
  const counts = members >= spec.minPopulation;
  if (before.members >= spec.minPopulation !== counts) return everybody;
  if (!counts) return [];
  return apart(cuts.flatMap((cut, index) => displacedBy(before.cuts[index] ?? { key: null }, cut, index, spec.ties)));
};

const displacedBy = (from: CutKey, to: WalkedCut, threshold: number, ties: CohortSpec['ties']): readonly Range[] => {
  const [old, now] = [edgeOf(from, ties), edgeOf(to, ties)];
  // by keys, a cut that passed nobody has nobody between where it was and where it is
  if (old === now || (ties === 'byKey' && to.passed === 0)) return [];
  const displacement: Displacement = { threshold, from: scoreAt(from), to: scoreAt(to), passed: to.passed };
  return [old < now ? { after: old, upTo: now, displacement } : { after: now, upTo: old, displacement }];
};

/** Inside is who comes no later than this. Where ties count, it lies before or behind all keys of one score. */
const edgeOf = ({ key, tied }: CutKey, ties: CohortSpec['ties']): string => {
  if (key === null || ties === 'byKey') return key ?? '';
  const score = scorePrefix(key);
  return ties === 'exclude' && tied === true ? score : score + afterAll;
};

const scoreAt = ({ key }: CutKey): number | null => {
  const score = key === null ? Number.NaN : scoreOfKey(key);
  return Number.isFinite(score) ? score : null;
};

/** Of what two cuts passed, the first one tells. */
const apart = (ranges: readonly Range[]): readonly Range[] => {
  const covered: Range[] = [];
  for (const range of ranges.toSorted((a, b) => (a.after < b.after ? -1 : Number(a.after > b.after)))) {
    const end = covered.at(-1)?.upTo ?? '';
    if (range.upTo > end) covered.push(range.after < end ? { ...range, after: end } : range);
  }
  return covered;
};

/** Those who moved and were judged by other cuts than these, unless a range brings them anyway. */
export const misjudged = (
  moves: readonly NetMove[],
  after: Cutting,
  ranges: readonly Range[],
  spec: CohortSpec,
): readonly CustomerId[] =>
  moves.flatMap(({ customer, key, zone }) => {
    if (key === null || zone === zoneOf(key, after, spec) || ranges.some((range) => isWithin(key, range))) return [];
    return [customer];
  });

const isWithin = (key: RankKey, { after, upTo }: Range): boolean => key > after && key <= upTo;
