import type { Cause } from '../domain/change.ts';
import type { CohortId, CohortSpec } from '../domain/cohort.ts';
import { cohortSpecsOf } from './cohort-specs.ts';
import type { Grader } from './grader.ts';

/** What customers are graded by at one moment, and what is being built beside it. */
export interface InForce {
  readonly epoch: number;
  /** The newest epoch that is known of, be it live, being built or given up. */
  readonly newest: number;
  /** What a change has as its cause that only the step to this epoch makes. */
  readonly cause: Extract<Cause, { type: 'model' }>;
  /** The first decides the grade; the others are further dimensions. */
  readonly graders: readonly Grader[];
  readonly coming?: Coming;
  /** Customers are still being moved to the epoch. */
  readonly isMoving: boolean;
}

/** An epoch that is being built: its cohorts fill while the live models go on to decide. */
export interface Coming {
  readonly epoch: number;
  /** Those that do not grade yet and rank customers against each other: only they have something to build. */
  readonly graders: readonly Grader[];
  /** Its cohorts ask nobody to be reviewed: everybody will be, once it is live. */
  readonly quiet: boolean;
}

/** How the cuts of a cohort are set; undefined: it is of no model that grades or is about to. */
export const specsInForce = ({ graders, coming }: InForce): ((cohort: CohortId) => CohortSpec | undefined) =>
  cohortSpecsOf([...graders, ...(coming?.graders ?? [])]);
