import type { CohortSpec } from './cohort.ts';
import { placesWithin, readThreshold, type Threshold, worthOf } from './cohort-amount.ts';
import type { Counted } from './cohort-count.ts';
import type { RankKey } from './rank-key.ts';

/** How many are inside, and what they are worth. */
export interface Inside {
  readonly above: number;
  readonly worth: bigint;
}

/** Where a cut belongs. Members are taken in best first, so that one refusal answers for all behind. */
export interface CutRule {
  /** False: nobody more can come in, whoever it is. */
  hasRoom(inside: Inside): boolean;
  takesIn(inside: Inside, next: RankKey): boolean;
  /** `last` is the last one of those inside. */
  keeps(inside: Inside, last: RankKey): boolean;
  worthOf(key: RankKey): bigint;
  /** About how many members the cut is away, having passed some. */
  distance(inside: Inside, passed: number): number;
}

export const ruleOf = (spec: CohortSpec, index: number, { members, worth }: Omit<Counted, 'cuts'>): CutRule => {
  const threshold = readThreshold(spec.thresholds[index] ?? '0');
  return spec.method === 'rank'
    ? rankRule(placesWithin(threshold, members))
    : shareRule(spec.boundary, threshold, worth);
};

/** The first ⌈p · N⌉ members are inside. */
const rankRule = (places: number): CutRule => ({
  hasRoom: ({ above }) => above < places,
  takesIn: ({ above }) => above < places,
  keeps: ({ above }) => above <= places,
  worthOf: () => 0n,
  distance: ({ above }) => Math.abs(places - above),
});

/**
 * With V the worth of the cohort and c the running sum, member i is inside while c(i−1) < p · V (`start`: the one that straddles
 * is inside) or c(i) ≤ p · V (`end`). A member of no worth is inside of nothing, under either: it holds no part of V, at p = 1
 * and at V = 0 too.
 */
const shareRule = (boundary: CohortSpec['boundary'], { units, whole }: Threshold, total: bigint): CutRule => {
  const share = units * total;
  const isBelow = (worth: bigint): boolean => worth * whole < share;
  const isWithin = (worth: bigint): boolean => worth * whole <= share;
  const common = {
    worthOf,
    // one change moves a share cut over few members, or over many when somebody large comes or goes
    distance: (_: Inside, passed: number) => firstLook + 3 * passed,
  };
  return boundary === 'start'
    ? {
        ...common,
        hasRoom: ({ worth }) => isBelow(worth),
        takesIn: ({ worth }, next) => isBelow(worth) && worthOf(next) > 0n,
        keeps: ({ worth }, last) => isBelow(worth - worthOf(last)),
      }
    : {
        ...common,
        hasRoom: ({ worth }) => isWithin(worth + 1n),
        takesIn: ({ worth }, next) => worthOf(next) > 0n && isWithin(worth + worthOf(next)),
        keeps: ({ worth }) => isWithin(worth),
      };
};

const firstLook = 4;
