import * as z from 'zod';
import { CohortId, CutKey, Displacement } from './cohort.ts';
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

/** Worth is Σ max(0, score) in millionths, as decimal digits: it may exceed what a double counts. */
const Worth = z.string().regex(/^\d+$/);

export const HeadCut = CutKey.extend({
  /** Members inside. */
  above: z.int().nonnegative(),
  /** Their worth; `0` where cuts go by rank. */
  worth: Worth,
});
export type HeadCut = Readonly<z.infer<typeof HeadCut>>;

/** Customers to be decided again by the cuts of this version; published before anything else, cleared by the next put. */
export const OwedReviews = z.object({
  /** Members whose keys lie in these ranges, both ends included. */
  ranges: z.array(z.object({ from: z.string(), upTo: z.string(), displacement: Displacement })),
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
