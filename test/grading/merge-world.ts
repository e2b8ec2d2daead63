import { ChangeMessage } from '#shared/domain/action.ts';
import { decodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { type CustomerState, unknownCustomer } from '#shared/domain/customer-state.ts';
import { CustomerEvent } from '#shared/domain/event.ts';
import { ConnectionId, type CustomerId, TenantId } from '#shared/domain/ids.ts';
import type { LedgerEntry } from '#shared/domain/ledger.ts';
import type { Pending } from '#shared/domain/pending.ts';
import { type Arrived, type Regrading, regradeCustomer } from '#shared/grading/regrade.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { graderOf } from '../kit/shop-models.ts';
import { shopModel } from '../kit/shop-workspace.ts';

export const tenant = TenantId.parse('default');
export const shop = ConnectionId.parse('shop');
export const start = Date.UTC(2026, 0, 10, 12);

/** Everybody has a grade by it: one score, two cuts. */
export const grader = graderOf({ ...shopModel, scope: undefined }, 'for-all');
const regrading: Regrading = {
  epoch: 1,
  newest: 1,
  cause: { type: 'model' },
  isMoving: false,
  graders: [grader],
  hashing,
};

/** A stop of the process while a batch is worked. */
export type Stop = 'none' | 'before-publishing' | 'before-marking';

/** Customers, each with a queue of its own: what may happen between them on a stream, and nothing else. */
export interface MergeWorld {
  say(event: CustomerEvent): void;
  /** Works the next events of one customer as one batch. */
  work(customer: CustomerId, events: number, stop?: Stop): void;
  /** The newest events of a customer come again. */
  rewind(customer: CustomerId, events: number): void;
  /** A writer that was away publishes what it once had to: the nth of all messages, once more. */
  repeat(message: number): void;
  /** Until nobody has anything left. */
  drain(): void;
  state(customer: CustomerId): CustomerState;
  ledger(customer: CustomerId): readonly LedgerEntry[];
  readonly changes: ChangeMessage[];
  readonly refused: string[];
  /** Messages between customers, repeats included. */
  readonly messages: Pending[];
}

export const mergeWorld = (): MergeWorld => {
  const queues = new Map<CustomerId, Arrived[]>();
  const places = new Map<CustomerId, number>();
  const states = new Map<CustomerId, CustomerState>();
  const ledgers = new Map<CustomerId, LedgerEntry[]>();
  const changes: ChangeMessage[] = [];
  const refused: string[] = [];
  const messages: Pending[] = [];
  let at = start;

  const queueOf = (customer: CustomerId): Arrived[] => {
    const known = queues.get(customer) ?? [];
    queues.set(customer, known);
    return known;
  };
  const say = (event: CustomerEvent, id = `said-${at}`): void => {
    at += 1_000;
    queueOf(event.customer).push({ event, id, at });
  };
  const publish = (pending: readonly Pending[]): void => {
    for (const message of pending) {
      if (message.topic === 'events') {
        messages.push(message);
        const decoded = decodeCloudEvent(message.value, CustomerEvent);
        if (!decoded.ok) throw new Error(decoded.reason);
        say(decoded.event.data, decoded.event.id);
      } else {
        const decoded = decodeCloudEvent(message.value, ChangeMessage);
        if (!decoded.ok) throw new Error(decoded.reason);
        changes.push(decoded.event.data);
      }
    }
  };
  const stateOf = (customer: CustomerId): CustomerState =>
    states.get(customer) ?? unknownCustomer(tenant, customer, 'ab'.repeat(32));

  const work = (customer: CustomerId, events: number, stop: Stop = 'none'): void => {
    const place = places.get(customer) ?? 0;
    const batch = queueOf(customer).slice(place, place + events);
    const before = stateOf(customer);
    publish(before.pending);
    const done = regradeCustomer({ ...before, pending: [] }, batch, regrading);
    refused.push(...done.refused.map(({ detail }) => detail));
    ledgers.set(customer, [...(ledgers.get(customer) ?? []), ...done.entries]);
    states.set(customer, done.state);
    if (stop === 'before-publishing') return;
    publish(done.state.pending);
    if (stop === 'before-marking') return;
    states.set(customer, { ...done.state, pending: [] });
    places.set(customer, place + batch.length);
  };

  const isIdle = (customer: CustomerId): boolean =>
    (places.get(customer) ?? 0) === queueOf(customer).length && stateOf(customer).pending.length === 0;

  return {
    say,
    work,
    rewind: (customer, events) => places.set(customer, Math.max(0, (places.get(customer) ?? 0) - events)),
    repeat: (message) => {
      const again = messages[message % Math.max(1, messages.length)];
      if (again !== undefined) publish([again]);
    },
    drain: () => {
      for (let round = 0; [...queues.keys()].some((customer) => !isIdle(customer)); round += 1) {
        if (round === 2_000) throw new Error('it never comes to rest');
        for (const customer of [...queues.keys()]) work(customer, 3);
      }
    },
    state: stateOf,
    ledger: (customer) => ledgers.get(customer) ?? [],
    changes,
    refused,
    messages,
  };
};
