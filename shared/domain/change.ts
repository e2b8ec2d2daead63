import * as z from 'zod';
import { CohortId, Displacement } from './cohort.ts';
import { Attributes, Scalar } from './fact.ts';
import { CustomerId, TenantId } from './ids.ts';
import { Instant } from './instant.ts';
import { Reasons } from './reasons.ts';

/**
 * What becomes of the alerts that a change of model leads to: none; one summary for all of them; each by itself, as the playbooks say.
 * A grade is written back to the CRM in any case: it is no alert.
 */
export const AlertChoice = z.enum(['suppress', 'digest', 'send']);
export type AlertChoice = z.infer<typeof AlertChoice>;

const asked = {
  undone: z.literal(true).exactOptional(),
  /** Who asked for it and why; absent where a record of the CRM said so. */
  by: z.string().exactOptional(),
  why: z.string().exactOptional(),
};

/** Why a grade changed. */
export const Cause = z.discriminatedUnion('type', [
  /** A record said something new. `facts` are the types it now stands for. */
  z.object({ type: z.literal('event'), event: z.string(), record: z.string(), facts: z.array(z.string()) }),
  /** Nothing happened but time: a window lapsed, a score decayed. */
  z.object({ type: z.literal('timer') }),
  /** A new version of the model decided; nothing about the customer changed. */
  z.object({
    type: z.literal('model'),
    /** Since which it grades, and who published it, and why. Absent in entries from before models were published. */
    epoch: z.int().positive().optional(),
    by: z.string().optional(),
    why: z.string().optional(),
    alerts: AlertChoice.optional(),
  }),
  /** Others of the cohort moved, and with them a cut. */
  z.object({
    type: z.literal('displaced'),
    cohort: CohortId,
    /** Of the cuts. */
    version: z.int().positive(),
    /** Absent where the customer itself had moved and was judged by older cuts. */
    displacement: Displacement.optional(),
  }),
  /** Another customer became part of this one; or this one became part of `customer`. `undone`: came off it again. */
  z.object({ type: z.literal('merge'), customer: CustomerId, ...asked }),
  /** A lead became this account; or this lead became that account. */
  z.object({ type: z.literal('converted'), customer: CustomerId, ...asked }),
  /** A person held the grade, or let it go. */
  z.object({ type: z.literal('manual'), command: z.string(), by: z.string(), why: z.string() }),
]);
export type Cause = z.infer<typeof Cause>;

/** What one factor gave. Points of all factors sum to the score. */
export const Contribution = z.object({
  factor: z.string(),
  group: z.string().optional(),
  /** The signal's value; absent when it is unknown. */
  value: Scalar.optional(),
  points: z.number(),
  /** True when the group's cap cut these points down. */
  capped: z.boolean().optional(),
});
export type Contribution = Readonly<z.infer<typeof Contribution>>;

/** As a change tells it: with the points against the baseline of its reasons. The ledger keeps it without. */
export const WeighedContribution = Contribution.extend({ phi: z.number().optional() });
export type WeighedContribution = Readonly<z.infer<typeof WeighedContribution>>;

export const ModelRef = z.object({ id: z.string(), version: z.int(), hash: z.string() });
export type ModelRef = Readonly<z.infer<typeof ModelRef>>;

/** A grade is a name from the model, or null: not graded (not in the model's scope). */
export const GradeName = z.string().min(1).nullable();
export type GradeName = z.infer<typeof GradeName>;

/** `sideways`: at least one of the two is unranked, such as NEW. `initial` and `left` are to and from "not graded". */
export const Direction = z.enum(['initial', 'up', 'down', 'sideways', 'left']);
export type Direction = z.infer<typeof Direction>;

/** A grade change: travels on `regrade.changes`, keyed by customer. Its id is customer + ledger sequence. */
export const GradeChange = z.object({
  tenant: TenantId,
  customer: CustomerId,
  /** The ledger sequence. Consumers drop what is not newer than what they have seen. */
  seq: z.int().positive(),
  model: ModelRef,
  /** True for the model that decides the grade; others are further dimensions. */
  decides: z.boolean(),
  from: GradeName,
  to: GradeName,
  direction: Direction,
  score: z.number().nullable(),
  /** The instant the decision stands for: business time. */
  at: Instant,
  /** When what caused it reached us; absent where nothing did. For figures only. */
  receivedAt: Instant.optional(),
  cause: Cause,
  /** Largest first. */
  contributions: z.array(WeighedContribution),
  guard: z.string().optional(),
  /** Absent where there is no score. */
  reasons: Reasons.optional(),
  /** When the grade will change next if nothing happens, and to what. */
  next: z.object({ at: Instant, to: GradeName }).optional(),
  tags: z.record(z.string(), z.string()),
  /** The customer's attributes at that moment, for texts and routing. */
  attributes: Attributes,
});
export type GradeChange = Readonly<z.infer<typeof GradeChange>>;

export const changeIdOf = ({ customer, seq }: Pick<GradeChange, 'customer' | 'seq'>): string => `${customer}#${seq}`;
