import * as z from 'zod';
import { GradeName } from './change.ts';
import { CohortId } from './cohort.ts';
import type { Hold } from './hold.ts';
import type { CustomerId, TenantId } from './ids.ts';
import { Instant } from './instant.ts';
import { emptyLedger, type LedgerHead } from './ledger.ts';
import type { Merges } from './merge.ts';
import type { Pending } from './pending.ts';
import type { Records } from './profile.ts';

/** A change that has to last before it counts. */
export const Waiting = z.object({ direction: z.enum(['up', 'down']), since: Instant });
export type Waiting = Readonly<z.infer<typeof Waiting>>;

/** The grade a customer holds by one model. */
export const HeldGrade = z.object({
  grade: GradeName,
  score: z.number().nullable(),
  tags: z.record(z.string(), z.string()),
  /** Hash of the model version that decided it. */
  model: z.string(),
  /** Since when, business time. */
  since: Instant,
  /** A worse or better grade that waits until it lasted as long as the model asks for. */
  waiting: Waiting.optional(),
  /** Where the customer is ranked, by the cuts of which version it was judged last, and the key it told its cohort. */
  rank: z.object({ cohort: CohortId, version: z.int().nonnegative(), key: z.string(), zone: z.int() }).optional(),
});
export type HeldGrade = Readonly<z.infer<typeof HeldGrade>>;

/** Where a customer stands by the models of an epoch that is being built, as its cohorts were told. */
export const ComingRanks = z.object({
  epoch: z.int().positive(),
  /** By model. */
  ranks: z.record(z.string(), z.object({ cohort: CohortId, key: z.string() })),
});
export type ComingRanks = Readonly<z.infer<typeof ComingRanks>>;

export interface CustomerState {
  readonly tenant: TenantId;
  readonly customer: CustomerId;
  /** 0 for a customer never stored; each commit adds one. */
  readonly version: number;
  /** Business time never runs backwards for a customer. */
  readonly decidedAt: Instant;
  readonly records: Records;
  readonly grades: Readonly<Record<string, HeldGrade>>;
  /** Whose models decided it last; absent before models were published. It never goes back. */
  readonly epoch?: number;
  /** Absent where nothing is being built, and until the customer is asked. */
  readonly coming?: ComingRanks;
  /** Of the model that decides. */
  readonly hold?: Hold;
  /** The newest commands that were carried out, oldest first: a repeat of one does nothing. */
  readonly commands?: readonly string[];
  /** Whose part this customer is, and who is part of it. */
  readonly merges?: Merges;
  /** The next instant at which something changes although nothing happens. */
  readonly due?: Instant;
  /** Hex of the random secret from which ledger salts are made. Erasing a person deletes it. */
  readonly ledgerKey: string;
  readonly ledger: LedgerHead;
  /** What this state owes to the topics, oldest first. */
  readonly pending: readonly Pending[];
}

/** A customer of whom nothing is known yet. */
export const unknownCustomer = (tenant: TenantId, customer: CustomerId, ledgerKey: string): CustomerState => ({
  tenant,
  customer,
  version: 0,
  decidedAt: 0,
  records: new Map(),
  grades: {},
  ledgerKey,
  ledger: emptyLedger,
  pending: [],
});

/** Nothing is known of it any more, or its records count for the customer whose part it is: it has no grade of its own. */
export const isOutside = ({ records, merges }: Pick<CustomerState, 'records' | 'merges'>): boolean => {
  if (merges?.seal !== undefined) return true;
  for (const { retracted } of records.values()) if (!retracted) return false;
  return true;
};
