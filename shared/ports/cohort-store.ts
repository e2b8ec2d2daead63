import type { CohortId } from '../domain/cohort.ts';
import type { CohortHead, NetMove, Place } from '../domain/cohort-head.ts';
import type { CustomerId, TenantId } from '../domain/ids.ts';
import type { RankKey } from '../domain/rank-key.ts';

/** Rows of a cohort in key order, or from the end backwards. Bounds are exclusive unless said otherwise. */
export interface RowRange {
  readonly after?: RankKey;
  /** Included. */
  readonly upTo?: RankKey;
  readonly backwards?: boolean;
  readonly limit: number;
}

export interface CohortPage {
  readonly cohorts: readonly CohortId[];
  readonly next: string | undefined;
}

/**
 * Cohorts: a head with the cuts, a row per member in key order, a place per customer that ever was a member.
 *
 * Every method may throw {@link PipelineError} `STORE_UNAVAILABLE`, retryable.
 */
export interface CohortStore {
  /** Cohorts never written are absent from the map. */
  findHeads(tenant: TenantId, cohorts: readonly CohortId[]): Promise<ReadonlyMap<CohortId, CohortHead>>;

  /** Puts a head over the revision before it (none before revision 1). False: another writer was first. */
  putHead(tenant: TenantId, head: CohortHead): Promise<boolean>;

  /** Customers that were never members are absent from the map. */
  findPlaces(
    tenant: TenantId,
    cohort: CohortId,
    customers: readonly CustomerId[],
  ): Promise<ReadonlyMap<CustomerId, Place>>;

  /**
   * Takes the old rows away, writes the new ones and the places, a tombstone where there is no new row. Safe to repeat: keys are
   * absolute. A place that is newer than the move stays.
   */
  applyMoves(tenant: TenantId, cohort: CohortId, moves: readonly NetMove[]): Promise<void>;

  /** Keys of members. What was written is seen; a row whose place says otherwise is left out and deleted. */
  readRows(tenant: TenantId, cohort: CohortId, range: RowRange): Promise<readonly RankKey[]>;

  /** A page at a time, in no order: for audits and for screens. */
  listCohorts(tenant: TenantId, after: string | undefined, limit: number): Promise<CohortPage>;

  /** Removes a cohort of a model version that nobody uses any more, a page at a time; true when nothing is left. */
  dropCohort(tenant: TenantId, cohort: CohortId, limit: number): Promise<boolean>;
}
