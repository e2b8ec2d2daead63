import * as z from 'zod';
import { Attributes, Fact } from './fact.ts';
import { CustomerId } from './ids.ts';
import { RecordVersion } from './record.ts';

/** How one customer became part of another: two entries of the CRM were one customer, or a lead became an account. */
export const MergeKind = z.enum(['merge', 'converted']);
export type MergeKind = z.infer<typeof MergeKind>;

/** What a record says of its own customer: it is part of another one now. */
export const Becomes = z.object({ customer: CustomerId, as: MergeKind });
export type Becomes = Readonly<z.infer<typeof Becomes>>;

/** The customer is part of another one: it goes on taking its records in, and hands all of them over. */
export const Seal = z.object({
  into: CustomerId,
  as: MergeKind,
  /** Who asked for it and why; absent where a record of the CRM said so. */
  by: z.string().exactOptional(),
  why: z.string().exactOptional(),
  /** The key of the last record handed over, while there are more; empty before the first. */
  handedUpTo: z.string().exactOptional(),
});
export type Seal = Readonly<z.infer<typeof Seal>>;

/** A customer that handed its records over to this one. */
export const Member = z.object({
  /** The number of its newest message. */
  seq: z.int().positive(),
  /** `arriving`: not all of its records are here, none counts yet. `left`: it came off again, and no older message counts. */
  phase: z.enum(['arriving', 'here', 'left']),
});
export type Member = Readonly<z.infer<typeof Member>>;

/** What a customer knows of merges. Absent for most customers. */
export const Merges = z.object({
  seal: Seal.exactOptional(),
  /** How many messages it has sent to whom it became part of, ever: they are numbered by it. */
  sent: z.int().nonnegative(),
  /** By stored record key: what the record said last of its customer, acted on already. */
  told: z.record(z.string(), Becomes),
  members: z.record(CustomerId, Member),
});
export type Merges = Readonly<z.infer<typeof Merges>>;

export const noMerges: Merges = Object.freeze({ sent: 0, told: {}, members: {} });

/** A record as one customer hands it to another, under its stored key; `retracted` ones are tombstones. */
export const HandedRecord = z.object({
  key: z.string(),
  version: RecordVersion,
  retracted: z.boolean(),
  attributes: Attributes,
  facts: z.array(Fact),
});
export type HandedRecord = Readonly<z.infer<typeof HandedRecord>>;
