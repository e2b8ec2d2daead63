import type { ConnectionId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { RecordRef } from '../domain/record.ts';
import type { RecordItem } from '../domain/record-item.ts';

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

/** A hint from the stream, at its offset: an offset counts once, however often it is delivered. */
export interface ResolvedHint {
  readonly connection: ConnectionId;
  readonly offset: number;
  /** Given by the log. */
  readonly appendedAt: Instant;
  readonly outcome: HintOutcome;
  /** A stable code, for rejected and dead. */
  readonly reason?: string;
}

/** A thin hint from the stream: starts or refreshes the inbox item of its record. */
export interface InboxHint {
  readonly record: RecordRef;
  readonly offset: number;
  /** Given by the log. */
  readonly appendedAt: Instant;
  /** When our entrance took it. */
  readonly at: Instant;
  readonly retryAt: Instant;
}

/**
 * One batch of one partition. Hints and inbox hints at or below the highest offset counted so far are a redelivery:
 * they are skipped; records are written all the same (their versions make them harmless). Where the log can be created anew
 * its offsets start again: then a hint is a redelivery only if it was also appended no later than what was counted.
 */
export interface ResolveCommit {
  readonly partition: number;
  readonly records: readonly RecordItem[];
  readonly inbox: readonly InboxHint[];
  readonly hints: readonly ResolvedHint[];
  /** The last offset of the batch. */
  readonly upTo: number;
  /** When the record at `upTo` was appended. */
  readonly upToAt: Instant;
}

/** One read-back: what came of it and which inbox item it answers. */
export interface ReadBackCommit {
  readonly records: readonly RecordItem[];
  readonly answered: readonly {
    readonly record: RecordRef;
    readonly sequence: number;
    readonly outcome: HintOutcome;
    readonly reason?: string;
  }[];
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

  /** Returns the keys of records of which nothing was written: another writer was first, or the store refused just them. */
  commitResolved(tenant: TenantId, commit: ResolveCommit): Promise<readonly string[]>;

  /** As {@link commitResolved}; an inbox item that was refreshed meanwhile stays, with the hints that came since. */
  commitReadBack(tenant: TenantId, commit: ReadBackCommit): Promise<readonly string[]>;

  markPublished(tenant: TenantId, published: readonly { record: RecordRef; itemVersion: number }[]): Promise<void>;
  findUnpublished(tenant: TenantId, before: Instant, limit: number): Promise<readonly RecordRef[]>;

  /** Inbox items of a connection whose `retryAt` has come, oldest hint first. */
  findWaiting(
    tenant: TenantId,
    connection: ConnectionId,
    wallNow: Instant,
    limit: number,
  ): Promise<readonly InboxItem[]>;

  /** Puts these waiting items off: their CRM did not answer, or refused. Counts one attempt each. */
  postpone(tenant: TenantId, records: readonly RecordRef[], retryAt: Instant): Promise<void>;

  readAccounts(tenant: TenantId): Promise<readonly ConnectionAccount[]>;
}
