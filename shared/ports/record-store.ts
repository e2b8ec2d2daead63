import type { ConnectionId, CustomerId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { RecordRef, RecordVersion } from '../domain/record.ts';
import type { Pending } from './customer-store.ts';

/** What we know of one CRM record: whose it is, at which version. */
export interface RecordItem {
  readonly tenant: TenantId;
  readonly record: RecordRef;
  /** 0 for a record never stored; each commit adds one. */
  readonly itemVersion: number;
  /** Null before its first owner and after it is gone. */
  readonly customer: CustomerId | null;
  readonly version: RecordVersion;
  /** Digest of what it says: equal content is not sent again. */
  readonly hash: string;
  readonly deleted: boolean;
  /** Short digests of the last deliveries applied, for sources without versions: a repeat must not count as news. */
  readonly recentDeliveries: readonly string[];
  /** What this item owes to `regrade.events`, oldest first. */
  readonly pending: readonly Pending[];
}

/** A record waiting to be read back. The newest hint wins; that is also the coalescing. */
export interface InboxItem {
  readonly tenant: TenantId;
  readonly record: RecordRef;
  /** Grows with every hint; an item is removed only at the sequence its read-back began with. */
  readonly sequence: number;
  /** Hints that wait in this item. */
  readonly hints: number;
  readonly firstHintAt: Instant;
  readonly lastHintAt: Instant;
  /** Not to be read before this wall-clock instant. */
  readonly retryAt: Instant;
  readonly attempts: number;
}

/** What became of hints. One hint has exactly one outcome in the end; `waiting` ones have none yet. */
export type HintOutcome = 'resolved' | 'coalesced' | 'deduplicated' | 'rejected' | 'dead';

export interface HintCount {
  readonly connection: ConnectionId;
  readonly outcome: HintOutcome;
  /** A stable code, for rejected and dead. */
  readonly reason?: string;
  readonly hints: number;
}

export interface ResolveCommit {
  readonly records: readonly RecordItem[];
  /** Hints that start or refresh an inbox item; `hints` is how many new ones. */
  readonly inbox: readonly { readonly record: RecordRef; readonly hints: number; readonly at: Instant; readonly retryAt: Instant }[];
  readonly counts: readonly HintCount[];
  /**
   * The highest offset these counts and inbox hints come from. Where the store has counted up to it already, a redelivery
   * is at work: counts and inbox refreshes at or below are not applied again, records are.
   */
  readonly upTo?: { readonly partition: number; readonly offset: number };
}

/** One read-back: what came of it and which inbox item it answers. */
export interface ReadBackCommit {
  readonly records: readonly RecordItem[];
  readonly answered: readonly { readonly record: RecordRef; readonly sequence: number; readonly outcome: HintOutcome; readonly reason?: string }[];
}

/** Per connection: received = resolved + coalesced + deduplicated + rejected + dead + waiting. */
export interface ConnectionAccount {
  readonly connection: ConnectionId;
  readonly received: number;
  readonly resolved: number;
  readonly coalesced: number;
  readonly deduplicated: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly dead: Readonly<Record<string, number>>;
  /** In the stream, not yet handled, and in the inbox: counted there, not derived. */
  readonly waiting: number;
}

/**
 * Holds one item per CRM record, the inbox, and the accounting of hints.
 *
 * Every method may throw {@link PipelineError} `STORE_UNAVAILABLE`, retryable.
 */
export interface RecordStore {
  findAll(tenant: TenantId, records: readonly RecordRef[]): Promise<ReadonlyMap<string, RecordItem>>;

  /** Returns the keys of records that another writer changed first; of those nothing was written. */
  commitResolved(tenant: TenantId, commit: ResolveCommit): Promise<readonly string[]>;

  /** As {@link commitResolved}; an inbox item that was refreshed meanwhile stays, with the hints that came since. */
  commitReadBack(tenant: TenantId, commit: ReadBackCommit): Promise<readonly string[]>;

  markPublished(tenant: TenantId, published: readonly { record: RecordRef; itemVersion: number }[]): Promise<void>;
  findUnpublished(tenant: TenantId, before: Instant, limit: number): Promise<readonly RecordRef[]>;

  /** Inbox items of a connection whose `retryAt` has come, oldest hint first. */
  findWaiting(tenant: TenantId, connection: ConnectionId, wallNow: Instant, limit: number): Promise<readonly InboxItem[]>;

  /** Puts every waiting item of a connection off: its CRM is down, or its budget is spent. */
  postpone(tenant: TenantId, connection: ConnectionId, retryAt: Instant): Promise<void>;

  readAccounts(tenant: TenantId): Promise<readonly ConnectionAccount[]>;
}
