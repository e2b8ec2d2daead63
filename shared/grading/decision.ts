import type { Cause } from '../domain/change.ts';
import type { CohortCuts, CohortId } from '../domain/cohort.ts';
import type { CustomerState } from '../domain/customer-state.ts';
import type { Instant } from '../domain/instant.ts';
import type { Hashing, LedgerEntry } from '../domain/ledger.ts';
import type { Grader } from './grader.ts';

/** The newest cuts of a cohort; undefined: they have to be read first. */
export type CutsAtHand = (cohort: CohortId) => CohortCuts | undefined;

/** A customer in the middle of being decided. */
export interface Decision {
  state: CustomerState;
  readonly entries: LedgerEntry[];
  decided: boolean;
}

export interface Occasion {
  readonly now: Instant;
  readonly cause: Cause;
  readonly receivedAt?: Instant | undefined;
}

export interface Means {
  /** Of the models of `graders`. */
  readonly epoch: number;
  readonly graders: readonly Grader[];
  readonly hashing: Hashing;
  readonly cuts: CutsAtHand;
  /** Takes the cohorts whose cuts are not at hand. */
  readonly missing: Set<CohortId>;
}
