import * as z from 'zod';
import { type CohortCuts, CohortId, type CohortSpec, CutKey, Displacement } from './cohort.ts';
import { CustomerId } from './ids.ts';
import { Instant } from './instant.ts';

/** Where a customer stands by the newest move that was applied: a tombstone where it left. */
export const Place = z.object({ key: z.string().nullable(), version: z.int().positive() });
export type Place = Readonly<z.infer<typeof Place>>;

/** The moves of one customer in one batch come to this. */
export const NetMove = z.object({
  customer: CustomerId,
  /** The row that stands before the batch. */
  old: z.string().nullable(),
  key: z.string().nullable(),
  version: z.int().positive(),
  zone: z.int().nullable(),
});
export type NetMove = Readonly<z.infer<typeof NetMove>>;

/** Worth is Σ max(0, score) in millionths, as decimal digits: it may exceed what a double counts. `0` where cuts go by rank. */
const Worth = z.string().regex(/^\d+$/);

export const HeadCut = CutKey.extend({
  /** Members inside. */
  above: z.int().nonnegative(),
  /** Their worth. */
  worth: Worth,
});
export type HeadCut = Readonly<z.infer<typeof HeadCut>>;

/** Customers to be decided again by the cuts of this version; published before anything else, cleared by the next put. */
export const OwedReviews = z.object({
  /** Members whose keys lie after the one end, up to the other. */
  ranges: z.array(
    z.object({
      after: z.string(),
      upTo: z.string(),
      /** Absent: everybody, since the cohort has enough members now, or too few. */
      displacement: Displacement.optional(),
    }),
  ),
  /** Those who were judged by other cuts than these. */
  customers: z.array(CustomerId),
  at: Instant,
});
export type OwedReviews = Readonly<z.infer<typeof OwedReviews>>;

/** One item per cohort, written by one conditional put. */
export const CohortHead = z.object({
  cohort: CohortId,
  /** Each put adds one. */
  revision: z.int().positive(),
  /** Of the cuts: each batch that is applied adds one. */
  version: z.int().nonnegative(),
  members: z.int().nonnegative(),
  worth: Worth,
  cuts: z.array(HeadCut),
  /** A batch whose rows may be written in part: whoever finds it finishes it first. */
  open: z.object({ moves: z.array(NetMove), at: Instant }).optional(),
  owed: OwedReviews.optional(),
});
export type CohortHead = Readonly<z.infer<typeof CohortHead>>;

/** A cohort before anybody was in it. Not stored like this: revision 0. */
export const emptyHead = (cohort: CohortId, { thresholds }: CohortSpec): CohortHead => ({
  cohort,
  revision: 0,
  version: 0,
  members: 0,
  worth: '0',
  cuts: thresholds.map(() => emptyCut),
});

/** Nobody is inside. */
export const emptyCut: HeadCut = { key: null, above: 0, worth: '0' };

/** What decisions go by: while a batch is open, the cuts before it. */
export const cutsOfHead = ({ cohort, version, members, cuts }: CohortHead): CohortCuts => ({
  cohort,
  version,
  members,
  cuts: cuts.map(({ key, tied }) => (tied === undefined ? { key } : { key, tied })),
});
