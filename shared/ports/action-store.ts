import type { ActionState } from '../domain/action.ts';
import type { Delivery, DeliveryStatus } from '../domain/delivery.ts';
import type { Digest } from '../domain/delivery-digest.ts';
import type { Pace } from '../domain/delivery-schedule.ts';
import type { CustomerId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';

export interface ActionCommit {
  /** Its `version` is the stored one plus one. */
  readonly next: ActionState;
  readonly deliveries: readonly Delivery[];
}

/** `lost`: another writer was first, nothing of this customer was written; load and decide again. */
export type ActionCommitOutcome = { readonly outcome: 'committed' } | { readonly outcome: 'lost' };

/** What keep-time publishes as `action.due`, keyed by the customer. */
export interface ActionDue {
  readonly customer: CustomerId;
  /** Business time. */
  readonly asOf: Instant;
}

/** The two clocks, read together. */
export interface Clocks {
  readonly business: Instant;
  readonly wall: Instant;
}

export interface SendingClaim {
  readonly channel: string;
  readonly wallNow: Instant;
  readonly limit: number;
  /** Absent: the channel has no limit of its own. */
  readonly pace?: Pace;
}

export interface Recovery {
  readonly wallNow: Instant;
  /** Attempts begun and claims made at or before this wall-clock instant are given up. */
  readonly startedBefore: Instant;
  readonly resends: (channel: string) => boolean;
}

export interface DeliveryCount {
  readonly channel: string;
  readonly status: DeliveryStatus;
  readonly deliveries: number;
  /** Attempts of these deliveries that ended without anybody knowing how. */
  readonly unknowns: number;
}

export interface DisabledChannel {
  readonly channel: string;
  readonly reason: string;
  /** Wall clock. */
  readonly since: Instant;
}

/**
 * Holds what acting remembers of each customer of one tenant, and every delivery.
 *
 * Every method may throw {@link PipelineError} `STORE_UNAVAILABLE`, retryable.
 */
export interface ActionStore {
  /** Customers never stored are absent from the map. */
  findStates(customers: readonly CustomerId[]): Promise<ReadonlyMap<CustomerId, ActionState>>;

  /**
   * Each customer's state and new deliveries: all of it or nothing, and only over the version that was read. A delivery whose
   * id is known stays as it is. A new write of a grade supersedes those of the same customer, rule and channel that wait or
   * are held. New deliveries count as claimed by the caller, as by {@link claimDue}.
   */
  commitAll(commits: readonly ActionCommit[], wallNow: Instant): Promise<readonly ActionCommitOutcome[]>;

  /**
   * Customers with a settle window that ended (business time) or a delivery that may be sent (wall time), which nobody claimed
   * in the last `limits.dueClaimMs` of wall time; claims them. Disabled channels and deliveries behind another of their
   * lane are left out.
   */
  claimDue(now: Clocks, limit: number): Promise<readonly ActionDue[]>;

  /**
   * Takes deliveries of a channel that are due, earliest first, and stores the attempt before it is made: status `sending`,
   * attempt counted. At most one per lane and none of a lane with an older one waiting or in flight; none on a disabled
   * channel; no more than the pace leaves, counted over all instances and restarts. When the pace leaves nothing, what is due
   * is put off until it does.
   */
  claimSending(claim: SendingClaim): Promise<readonly Delivery[]>;

  /** Writes the results of attempts, all or nothing. One that was recovered meanwhile takes the result; a newer attempt keeps its own. */
  settle(results: readonly Delivery[]): Promise<void>;

  /** Attempts that a crash left in `sending` become `unknown` or `held`, and claims as old are given up. Returns how many attempts. */
  recover(recovery: Recovery): Promise<number>;

  /** Alerts of a channel that wait, oldest first. */
  findWaitingAlerts(channel: string, limit: number): Promise<readonly Delivery[]>;
  /** How many alerts wait for a channel, due or not. */
  countWaitingAlerts(channel: string): Promise<number>;

  /** Puts a digest in the place of its members. False, and nothing written, when one of them does not wait any more. */
  commitDigest(digest: Digest): Promise<boolean>;

  /** Nothing is sent on it until it is enabled; its deliveries wait. */
  disableChannel(disabled: DisabledChannel): Promise<void>;
  enableChannel(channel: string): Promise<void>;
  readDisabledChannels(): Promise<readonly DisabledChannel[]>;

  /** Held and dead deliveries that a person wants sent after all wait again, with all attempts. Returns how many. */
  release(ids: readonly string[], wallNow: Instant): Promise<number>;

  findDeliveries(ids: readonly string[]): Promise<readonly Delivery[]>;
  /** A customer's deliveries, newest first. */
  listDeliveries(customer: CustomerId, limit: number): Promise<readonly Delivery[]>;
  countDeliveries(): Promise<readonly DeliveryCount[]>;
}
