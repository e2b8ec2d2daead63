import type { CustomerState } from '../domain/customer-state.ts';
import type { CustomerId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { LedgerEntry } from '../domain/ledger.ts';

export interface CustomerCommit {
  /** Its `version` is the stored one plus one. */
  readonly next: CustomerState;
  /** Written ahead of the state: an entry exists only if the state's head reaches it. */
  readonly entries: readonly LedgerEntry[];
}

/**
 * `lost`: another writer was first, nothing of this customer was written; decide again, on `stored` where the store told what
 * stands there now. `unavailable`: nothing is known to be written; bring the events again.
 */
export type CommitOutcome =
  | { readonly outcome: 'committed' }
  | { readonly outcome: 'lost'; readonly stored?: CustomerState }
  | { readonly outcome: 'unavailable'; readonly cause: unknown };

export interface DueCustomer {
  readonly customer: CustomerId;
  readonly due: Instant;
}

export interface CustomerPage {
  readonly customers: readonly CustomerId[];
  readonly next: string | undefined;
}

/**
 * Holds one state per customer, with the ledger beside it.
 *
 * Every method may throw {@link PipelineError} `STORE_UNAVAILABLE`, retryable.
 */
export interface CustomerStore {
  /** Customers never stored are absent from the map. */
  findAll(tenant: TenantId, customers: readonly CustomerId[]): Promise<ReadonlyMap<CustomerId, CustomerState>>;

  /** Each customer's state, entries and pending list: all of it or nothing, and only over the version that was read. */
  commitAll(commits: readonly CustomerCommit[]): Promise<readonly CommitOutcome[]>;

  /** Empties the pending lists of states that are still at these versions: everything in them is on the topic. */
  markPublished(tenant: TenantId, published: readonly { customer: CustomerId; version: number }[]): Promise<void>;

  /** Customers whose pending list was written before `before` and is still there. */
  findUnpublished(tenant: TenantId, before: Instant, limit: number): Promise<readonly CustomerId[]>;

  /** Customers due at or before `now`, earliest first, that nobody claimed in the last `limits.dueClaimMs`; claims them. */
  claimDue(tenant: TenantId, now: Instant, limit: number): Promise<readonly DueCustomer[]>;

  /**
   * All customers of a tenant, a page at a time, in no order: for reviews of everyone and for audits. `after` is the `next` of
   * the page before; no `next` means that there is no further page.
   */
  listCustomers(tenant: TenantId, after: string | undefined, limit: number): Promise<CustomerPage>;

  /** The ledger of a customer, oldest first, as its head reaches it. */
  readLedger(tenant: TenantId, customer: CustomerId): Promise<readonly LedgerEntry[]>;
}
