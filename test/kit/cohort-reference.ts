import type { CohortSpec } from '#shared/domain/cohort.ts';
import type { CustomerId } from '#shared/domain/ids.ts';

/** A member as the sentences of the method see it: no keys, no cuts. */
export interface Member {
  readonly customer: CustomerId;
  readonly score: number;
  /** More is better among equal scores. */
  readonly tieBreak: number;
}

export interface Ranking {
  /** The last one inside each threshold by place, before ties count; null: nobody. */
  readonly lastInside: readonly (CustomerId | null)[];
  readonly zones: ReadonlyMap<CustomerId, number>;
  readonly worth: bigint;
}

const bestFirst = (a: Member, b: Member): number =>
  b.score - a.score || b.tieBreak - a.tieBreak || (a.customer < b.customer ? -1 : 1);

const worthOf = ({ score }: Member): bigint => BigInt(Math.round(Math.max(0, score) * 1e6));

/** Everybody ranked from nothing, the slow and plain way. */
export const rankFromScratch = (members: readonly Member[], spec: CohortSpec): Ranking => {
  const ranked = members.toSorted(bestFirst);
  const worth = ranked.reduce((sum, member) => sum + worthOf(member), 0n);
  const counts = spec.thresholds.map((threshold) => countInside(ranked, worth, threshold, spec));
  const zones = new Map<CustomerId, number>();
  for (const [place, member] of ranked.entries()) {
    const zone = counts.findIndex((count) => isInside(ranked, place, count, spec.ties));
    const counted = zone === -1 ? counts.length : zone;
    zones.set(member.customer, members.length < spec.minPopulation ? -1 : counted);
  }
  return { lastInside: counts.map((count) => ranked[count - 1]?.customer ?? null), zones, worth };
};

/** As a fraction: `0.25` is 25 of 100. */
const fractionOf = (threshold: string): readonly [bigint, bigint] => {
  const digits = threshold.replace(/^0\./, '');
  return threshold.startsWith('0.') ? [BigInt(digits), 10n ** BigInt(digits.length)] : [BigInt(threshold), 1n];
};

const countInside = (ranked: readonly Member[], total: bigint, threshold: string, spec: CohortSpec): number => {
  const [part, whole] = fractionOf(threshold);
  if (spec.method === 'rank') {
    const places = part * BigInt(ranked.length);
    return Number(places / whole) + (places % whole > 0n ? 1 : 0);
  }
  let before = 0n;
  let count = 0;
  for (const member of ranked) {
    const own = worthOf(member);
    const isIn = spec.boundary === 'start' ? before * whole < part * total : (before + own) * whole <= part * total;
    if (own === 0n || !isIn) return count;
    before += own;
    count += 1;
  }
  return count;
};

const isInside = (ranked: readonly Member[], place: number, count: number, ties: CohortSpec['ties']): boolean => {
  if (ties === 'byKey' || count === 0) return place < count;
  const [own, last, next] = [ranked[place]?.score, ranked[count - 1]?.score ?? 0, ranked[count]?.score];
  if (own === undefined) return false;
  return ties === 'include' || next !== last ? own >= last : own > last;
};
