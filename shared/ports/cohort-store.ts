import type { CohortId } from '../domain/cohort.ts';
import type { CohortHead, NetMove, Place } from '../domain/cohort-head.ts';
import type { CustomerId, TenantId } from '../domain/ids.ts';
import type { KeyRange } from '../domain/key-range.ts';
import type { RankKey } from '../domain/rank-key.ts';

/** Rows of a cohort: the keys of its members. */
export type RowRange = KeyRange;

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
   * absolute. A place that is newer than the move stays as it is, and so do its row and the want of one: a writer that was
   * overtaken may come late with moves of long ago.
   */
  applyMoves(tenant: TenantId, cohort: CohortId, moves: readonly NetMove[]): Promise<void>;

  /**
   * Keys of members. What was written is seen; a row whose place says otherwise is left out and deleted. Fewer than the limit
   * come only where there are no more.
   */
  readRows(tenant: TenantId, cohort: CohortId, range: RowRange): Promise<readonly RankKey[]>;

  /** A page at a time, in no order: for audits and for screens. */
  listCohorts(tenant: TenantId, after: string | undefined, limit: number): Promise<CohortPage>;

  /** Removes a cohort of a model version that nobody uses any more, a page at a time, its head last; true when nothing is left. */
  dropCohort(tenant: TenantId, cohort: CohortId, limit: number): Promise<boolean>;
}
