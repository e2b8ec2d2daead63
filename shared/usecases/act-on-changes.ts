import { type ActionState, blankActionState, ChangeMessage } from '../domain/action.ts';
import { changeIdOf } from '../domain/change.ts';
import { decodeCloudEvent } from '../domain/cloud-event.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { CustomerId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import {
  type Acted,
  type ActingPolicy,
  decideOnChange,
  decideOnDue,
  decideOnReplayedChange,
} from '../domain/settle.ts';
import type { ActionStore } from '../ports/action-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Received } from '../ports/stream.ts';
import type { Trail } from '../ports/trail.ts';

export interface ActDeps {
  readonly tenant: TenantId;
  readonly actions: ActionStore;
  readonly policy: ActingPolicy;
  readonly clock: Pick<Clock, 'wallNow'>;
  /** Takes what can never be read, for good, before the offset is committed. */
  readonly park: (record: Received, reason: string) => Promise<void>;
  readonly metrics: Metrics;
  /** Nobody follows where it is absent. */
  readonly trail?: Trail;
}

/** A delivery that was decided just now; sending it is the caller's next step. */
export interface Decided {
  readonly id: string;
  readonly channel: string;
  /** When what caused it reached us, where something did and nobody asked for it to settle first. */
  readonly receivedAt: Instant | undefined;
}

export interface ActedOn {
  readonly decided: readonly Decided[];
  /** Something that waited was said to be due: deliveries of any channel may go. */
  readonly due: boolean;
  /** Of customers that could not be written: to come again. */
  readonly again: readonly Received[];
}

export interface ActOnChanges {
  /** Decides what a batch of `regrade.changes` leads to and stores it. Safe to call twice: the second call decides nothing. */
  process(batch: readonly Received[]): Promise<ActedOn>;
}

interface Heard {
  readonly id: string;
  readonly message: ChangeMessage;
  /** Sent again out of the dead letters: newer changes may have been handled since. */
  readonly replayed: boolean;
  readonly at: Instant;
  readonly record: Received;
}

type ByCustomer = ReadonlyMap<CustomerId, readonly Heard[]>;

const stage = 'act-on-changes';
/** Races lost in a row by one batch before its customers are given back to the stream. */
const mostRaces = 8;

export const actOnChanges = (deps: ActDeps): ActOnChanges => ({
  process: async (batch) => {
    deps.metrics.count(stage, 'in', batch.length);
    const { heard, unread } = hearAll(batch, deps.tenant);
    for (const { record, reason } of unread) await deps.park(record, reason);
    const decided: Decided[] = [];
    let open = heard;
    // a lost race means that another writer went on from the same state: decide again, on what it left
    for (let race = 0; open.size > 0 && race < mostRaces; race += 1) open = await actOnce(open, decided, deps);
    if (open.size > 0) deps.metrics.count(stage, 'retried', open.size);
    const again = new Set([...open.values()].flatMap((messages) => messages.map(({ record }) => record)));
    const due = [...heard.values()].some((all) => all.some(({ message }) => message.kind === 'action.due'));
    return { decided, due, again: batch.filter((record) => again.has(record)) };
  },
});

/** Decides and commits; returns the customers for which another writer was first. */
const actOnce = async (open: ByCustomer, decided: Decided[], deps: ActDeps): Promise<ByCustomer> => {
  const { tenant, actions, policy, clock, metrics } = deps;
  const stored = await actions.findStates([...open.keys()]);
  const steps = [...open].flatMap(([customer, messages]) => {
    const before = stored.get(customer) ?? blankActionState(tenant, customer);
    const acted = decideAll(before, messages, policy);
    return acted.state === before ? [] : [{ customer, acted: { ...acted, state: nextOf(acted.state, before) } }];
  });
  const idle = open.size - steps.length;
  if (idle > 0) metrics.count(stage, 'duplicate', idle);
  const outcomes = await actions.commitAll(
    steps.map(({ acted }) => ({ next: acted.state, deliveries: acted.deliveries })),
    clock.wallNow(),
  );
  const lost = new Map<CustomerId, readonly Heard[]>();
  for (const [index, { customer, acted }] of steps.entries()) {
    const messages = open.get(customer) ?? [];
    if (outcomes[index]?.outcome !== 'committed') lost.set(customer, messages);
    else {
      for (const { id, channel, change } of acted.deliveries)
        decided.push({ id, channel, receivedAt: receiptOf(change, messages) });
      follow(messages, acted.deliveries, deps);
    }
  }
  return lost;
};

const follow = (messages: readonly Heard[], deliveries: readonly Delivery[], { trail }: ActDeps): void =>
  trail?.(
    stage,
    messages.map(({ id }) => id),
    deliveries.map(({ id }) => id),
    deliveries.length > 0 ? 'decided' : 'noted',
  );

/** A change that waited in a window is of an earlier batch: its delay is wanted. */
const receiptOf = (changeId: string, messages: readonly Heard[]): Instant | undefined => {
  const found = messages.find(
    ({ message }) => message.kind === 'grade.changed' && changeIdOf(message) === changeId,
  )?.message;
  return found?.kind === 'grade.changed' ? found.receivedAt : undefined;
};

const nextOf = (state: ActionState, { version }: ActionState): ActionState => ({ ...state, version: version + 1 });

const decideAll = (before: ActionState, messages: readonly Heard[], policy: ActingPolicy): Acted => {
  let state = before;
  const deliveries: Delivery[] = [];
  for (const { message, at, replayed } of messages) {
    const onChange = replayed ? decideOnReplayedChange : decideOnChange;
    const acted =
      message.kind === 'grade.changed'
        ? onChange(state, message, at, policy)
        : decideOnDue(state, message.asOf, policy);
    state = acted.state;
    // a change that was sent again twice decides twice, under the same ids
    deliveries.push(...acted.deliveries.filter(({ id }) => !deliveries.some((known) => known.id === id)));
  }
  return { state, deliveries };
};

const hearAll = (batch: readonly Received[], tenant: TenantId) => {
  const heard = new Map<CustomerId, Heard[]>();
  const unread: { record: Received; reason: string }[] = [];
  for (const record of batch) {
    const decoded = decodeCloudEvent(record.value, ChangeMessage);
    if (!decoded.ok) unread.push({ record, reason: decoded.reason });
    else if (decoded.event.data.tenant !== tenant)
      unread.push({ record, reason: `tenant ${decoded.event.data.tenant} is none of ours` });
    else {
      const message = decoded.event.data;
      const before = heard.get(message.customer) ?? [];
      const replayed = decoded.event.replay !== undefined;
      heard.set(message.customer, [...before, { id: decoded.event.id, message, at: record.at, record, replayed }]);
    }
  }
  return { heard: heard as ByCustomer, unread };
};
