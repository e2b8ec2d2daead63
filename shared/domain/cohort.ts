import * as z from 'zod';
import { CustomerId, TenantId } from './ids.ts';
import { Instant } from './instant.ts';
import { type RankKey, scorePrefix } from './rank-key.ts';

/**
 * The customers that are ranked against each other, e.g. `abc:3f2a9c01d4e7:wholesale:north`: model, first digits of its content
 * hash, the segment where it has cut-offs or partitions of its own, and the partition values. N is its members.
 */
export const CohortId = z.string().min(1).max(400).brand<'CohortId'>();
export type CohortId = z.infer<typeof CohortId>;

/** How the cuts of a cohort are set: follows from the model. */
export interface CohortSpec {
  readonly method: 'rank' | 'share';
  /** Exact decimals such as `0.2`, ascending, distinct: every entrance and exit. Of members, or of the cohort's worth. */
  readonly thresholds: readonly string[];
  /** `byKey`: tie-breaks order equal scores. `include`: all of the cut's score are inside. `exclude`: all are, or none. */
  readonly ties: 'byKey' | 'include' | 'exclude';
  /** Under share: `start` takes in the member that straddles the threshold, `end` leaves it out. */
  readonly boundary: 'start' | 'end';
  /** With fewer members the cuts do not count. */
  readonly minPopulation: number;
}

/** The last member inside a threshold. */
export const CutKey = z.object({
  /** Null: nobody is inside. */
  key: z.string().nullable(),
  /** The next one outside has the same score. Only looked at where ties are excluded. */
  tied: z.boolean().optional(),
});
export type CutKey = Readonly<z.infer<typeof CutKey>>;

/** What a decision needs of a cohort. Version 0: nobody was ever in it. */
export const CohortCuts = z.object({
  cohort: CohortId,
  version: z.int().nonnegative(),
  members: z.int().nonnegative(),
  /** By threshold. */
  cuts: z.array(CutKey),
});
export type CohortCuts = Readonly<z.infer<typeof CohortCuts>>;

export const emptyCuts = (cohort: CohortId, { thresholds }: CohortSpec): CohortCuts => ({
  cohort,
  version: 0,
  members: 0,
  cuts: thresholds.map(() => ({ key: null })),
});

/** The cohort has too few members for its cuts to count. */
export const tooFew = -1;

/** How many thresholds a key is beyond; 0 is inside all of them, the best. {@link tooFew} where the cuts do not count. */
export const zoneOf = (
  key: RankKey,
  { cuts, members }: Pick<CohortCuts, 'cuts' | 'members'>,
  spec: CohortSpec,
): number => {
  if (members < spec.minPopulation) return tooFew;
  let zone = 0;
  for (const cut of cuts) {
    if (isInside(key, cut, spec.ties)) break;
    zone += 1;
  }
  return zone;
};

const isInside = (key: RankKey, cut: CutKey, ties: CohortSpec['ties']): boolean => {
  if (cut.key === null) return false;
  if (ties === 'byKey') return key <= cut.key;
  const [score, last] = [scorePrefix(key), scorePrefix(cut.key)];
  return score < last || (score === last && (ties === 'include' || cut.tied !== true));
};

/** What a decision tells its cohort: travels on `regrade.cohorts`, keyed by cohort. Absolute, so that it may come twice. */
export const CohortMove = z.object({
  tenant: TenantId,
  cohort: CohortId,
  customer: CustomerId,
  /** The customer's state that says so: of two moves the one of the newer state counts. */
  version: z.int().positive(),
  /** Null: no longer in this cohort. */
  key: z.string().nullable(),
  /** As the decision saw it, possibly by older cuts; null with the key, and where the cohort's model does not decide yet. */
  zone: z.int().nullable(),
  /** Business time of the decision. */
  at: Instant,
});
export type CohortMove = Readonly<z.infer<typeof CohortMove>>;

/** Why a cohort asks for a review, for the sentence that a person reads. */
export const Displacement = z.object({
  /** Place of the threshold among the cohort's. */
  threshold: z.int().nonnegative(),
  /** Scores at the cut before and after; null: nobody was, or is, inside. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** How many places the cut moved over. */
  passed: z.int().nonnegative(),
});
export type Displacement = Readonly<z.infer<typeof Displacement>>;
