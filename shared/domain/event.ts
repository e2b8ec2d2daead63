import * as z from 'zod';
import { Cause } from './change.ts';
import { CohortCuts, Displacement } from './cohort.ts';
import { Attributes, Fact } from './fact.ts';
import { Hold } from './hold.ts';
import { CustomerId, TenantId } from './ids.ts';
import { Instant } from './instant.ts';
import { Becomes, HandedRecord, MergeKind } from './merge.ts';
import { RecordRef, RecordVersion } from './record.ts';

const common = { tenant: TenantId, customer: CustomerId };

/** Everything that can change a grade arrives as one of these on `regrade.events`, keyed by customer. */
export const CustomerEvent = z.discriminatedUnion('kind', [
  /** "Record R, at version V, now says this about customer C": replaces whatever R said before. */
  z.object({
    ...common,
    kind: z.literal('record.asserted'),
    record: RecordRef,
    version: RecordVersion,
    attributes: Attributes,
    facts: z.array(Fact),
    /** The record says that its customer is part of another one now. */
    becomes: Becomes.exactOptional(),
    /** What this was read from, in words an operator can search for: a delivery id, or `read-back`. */
    trace: z.string(),
  }),
  /** Record R is no longer C's, or is gone. Leaves a versioned tombstone. */
  z.object({
    ...common,
    kind: z.literal('record.retracted'),
    record: RecordRef,
    version: RecordVersion,
    trace: z.string(),
  }),
  /** Nothing happened but time, or others moved: decide again as of this instant. */
  z.object({
    ...common,
    kind: z.literal('review.requested'),
    asOf: Instant,
    /** The cohort whose cuts moved, with the cuts to decide by. */
    cohort: z.object({ cuts: CohortCuts, displacement: Displacement.optional() }).optional(),
    /** Asks only for the ranks by the models of this epoch, which is being built. */
    building: z.int().positive().optional(),
    /** Asks for a decision by the models of this epoch, or of a later one. */
    epoch: z.int().positive().optional(),
  }),
  /** A person sets the grade of the deciding model. The event's id is the command's: it counts once. */
  z.object({ ...common, kind: z.literal('hold.set'), hold: Hold }),
  /** A person lets the grade go again. */
  z.object({ ...common, kind: z.literal('hold.cleared'), command: z.string(), by: z.string(), why: z.string() }),
  /** The customer is part of another one: sealed, its records go along. */
  z.object({
    ...common,
    kind: z.literal('merge.requested'),
    into: CustomerId,
    as: MergeKind,
    command: z.string(),
    by: z.string(),
    why: z.string(),
  }),
  /** The customer is a customer of its own again. */
  z.object({ ...common, kind: z.literal('merge.undone'), command: z.string(), by: z.string(), why: z.string() }),
  /** A sealed customer asks itself to hand over the records after this key. */
  z.object({ ...common, kind: z.literal('handover.due'), after: z.string() }),
  /** Records of customers that became part of this one, from the one that became part of it directly. */
  z.object({
    ...common,
    kind: z.literal('records.handed'),
    /** From whom to whom they went; the last one sent this. */
    path: z.array(CustomerId).min(1),
    /** Counts the sender's messages. */
    seq: z.int().positive(),
    /** `more`: others of the same handover follow. `all`: with these, all are handed over. `news`: what a record said since. */
    handing: z.enum(['more', 'all', 'news']),
    records: z.array(HandedRecord),
    cause: Cause,
  }),
  /** The sender came off this customer again and takes with it what it handed over. */
  z.object({
    ...common,
    kind: z.literal('records.recalled'),
    from: CustomerId,
    seq: z.int().positive(),
    cause: Cause,
  }),
]);
export type CustomerEvent = z.infer<typeof CustomerEvent>;

export type RecordEvent = Extract<CustomerEvent, { record: unknown }>;
