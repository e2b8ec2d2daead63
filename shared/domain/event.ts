import * as z from 'zod';
import { CohortCuts, Displacement } from './cohort.ts';
import { Attributes, Fact } from './fact.ts';
import { Hold } from './hold.ts';
import { CustomerId, TenantId } from './ids.ts';
import { Instant } from './instant.ts';
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
  }),
  /** A person sets the grade of the deciding model. The event's id is the command's: it counts once. */
  z.object({ ...common, kind: z.literal('hold.set'), hold: Hold }),
  /** A person lets the grade go again. */
  z.object({ ...common, kind: z.literal('hold.cleared'), command: z.string(), by: z.string(), why: z.string() }),
]);
export type CustomerEvent = z.infer<typeof CustomerEvent>;

export type RecordEvent = Extract<CustomerEvent, { record: unknown }>;
