import { limits } from '../definitions/limits.ts';
import { topics } from '../definitions/topics.ts';
import { encodeChangeMessage } from '../domain/action.ts';
import { encodeCloudEvent } from '../domain/cloud-event.ts';
import type { CustomerEvent } from '../domain/event.ts';
import type { CustomerId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { ActionStore } from '../ports/action-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { CustomerStore } from '../ports/customer-store.ts';
import type { RecordStore } from '../ports/record-store.ts';
import type { Outgoing, Stream } from '../ports/stream.ts';

export interface KeepTimeDeps {
  readonly tenant: TenantId;
  readonly customers: CustomerStore;
  readonly records: RecordStore;
  readonly actions: ActionStore;
  readonly stream: Stream;
  readonly clock: Clock;
  /**
   * Business time up to which everything received has been graded. A timer is not fired past it: what happened before it
   * counts before it.
   */
  readonly settledUntil: () => Instant;
  readonly publishOwedChanges: (customers: readonly CustomerId[]) => Promise<void>;
  readonly publishOwedEvents: (records: Awaited<ReturnType<RecordStore['findUnpublished']>>) => Promise<void>;
}

export interface Kept {
  readonly reviews: number;
  readonly actions: number;
}

/** The most due entries of one turn. More are left for the next: live events go in between. */
const duePerTurn = 500;

/**
 * One turn of the clock: puts what fell due back on its topic. Reads only what is due; where nothing is due, it reads an
 * index and finds nothing.
 */
export const keepTime =
  ({ tenant, customers, actions, stream, clock, settledUntil }: KeepTimeDeps) =>
  async (): Promise<Kept> => {
    const now = Math.min(clock.businessNow(), settledUntil());
    const due = await customers.claimDue(tenant, now, duePerTurn);
    if (due.length > 0)
      await stream.append(
        topics.events,
        due.map(({ customer, due: asOf }) => reviewOf(tenant, customer, asOf)),
      );
    // a settle window that ends after a review asked for just now has to wait for what that review finds
    const business = Math.min(now, (due[0]?.due ?? Number.POSITIVE_INFINITY) - 1);
    const owed = await actions.claimDue({ business, wall: clock.wallNow() }, duePerTurn);
    if (owed.length > 0)
      await stream.append(
        topics.changes,
        owed.map(({ customer, asOf }) => dueActionOf(tenant, customer, asOf)),
      );
    return { reviews: due.length, actions: owed.length };
  };

const dueActionOf = (tenant: TenantId, customer: CustomerId, asOf: Instant): Outgoing => ({
  key: customer,
  value: encodeChangeMessage({ kind: 'action.due', tenant, customer, asOf }, asOf),
  at: asOf,
});

/** Sends again what a crash left decided and unpublished, and no redelivery brought up within a minute. */
export const sweepUnpublished =
  ({ tenant, customers, records, clock, publishOwedChanges, publishOwedEvents }: KeepTimeDeps) =>
  async (): Promise<void> => {
    const before = clock.businessNow() - limits.pendingSweepMs;
    const states = await customers.findUnpublished(tenant, before, duePerTurn);
    if (states.length > 0) await publishOwedChanges(states);
    const items = await records.findUnpublished(tenant, before, duePerTurn);
    if (items.length > 0) await publishOwedEvents(items);
  };

/** Asks for one decision as of an instant; asked twice it is the same question. */
export const reviewOf = (tenant: TenantId, customer: CustomerId, asOf: Instant) => {
  const event: CustomerEvent = { kind: 'review.requested', tenant, customer, asOf };
  return {
    key: customer,
    value: encodeCloudEvent(
      { id: `${customer}@${asOf}`, source: `regrade/${tenant}`, type: `regrade.${event.kind}`, data: event },
      asOf,
    ),
    at: asOf,
  };
};
