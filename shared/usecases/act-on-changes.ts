import { type ActionState, blankActionState, ChangeMessage } from '../domain/action.ts';
import { decodeCloudEvent } from '../domain/cloud-event.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { CustomerId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { type Acted, type ActingPolicy, decideOnChange, decideOnDue } from '../domain/settle.ts';
import type { ActionStore } from '../ports/action-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Received } from '../ports/stream.ts';

export interface ActDeps {
  readonly tenant: TenantId;
  readonly actions: ActionStore;
  readonly policy: ActingPolicy;
  readonly clock: Pick<Clock, 'wallNow'>;
  /** Takes what can never be read, for good, before the offset is committed. */
  readonly park: (record: Received, reason: string) => Promise<void>;
}

export interface ActOnChanges {
  /**
   * Decides what a batch of `regrade.changes` leads to and stores it. Safe to call twice: the second call decides nothing.
   * Returns the ids of the new deliveries; sending them is the caller's next step.
   */
  process(batch: readonly Received[]): Promise<readonly string[]>;
}

interface Heard {
  readonly message: ChangeMessage;
  readonly at: Instant;
}

export const actOnChanges = ({ tenant, actions, policy, clock, park }: ActDeps): ActOnChanges => ({
  process: async (batch) => {
    const { heard, unread } = hearAll(batch, tenant);
    for (const { record, reason } of unread) await park(record, reason);
    const created: string[] = [];
    let open = heard;
    // a lost race means that another writer went on from the same state: decide again, on what it left
    while (open.size > 0) {
      const stored = await actions.findStates([...open.keys()]);
      const steps = [...open].flatMap(([customer, messages]) => {
        const before = stored.get(customer) ?? blankActionState(tenant, customer);
        const acted = decideAll(before, messages, policy);
        return acted.state === before ? [] : [{ customer, acted: { ...acted, state: nextOf(acted.state, before) } }];
      });
      const outcomes = await actions.commitAll(
        steps.map(({ acted }) => ({ next: acted.state, deliveries: acted.deliveries })),
        clock.wallNow(),
      );
      const lost = new Map<CustomerId, readonly Heard[]>();
      for (const [index, { customer, acted }] of steps.entries())
        if (outcomes[index]?.outcome === 'committed') created.push(...acted.deliveries.map(({ id }) => id));
        else lost.set(customer, open.get(customer) ?? []);
      open = lost;
    }
    return created;
  },
});

const nextOf = (state: ActionState, { version }: ActionState): ActionState => ({ ...state, version: version + 1 });

const decideAll = (before: ActionState, messages: readonly Heard[], policy: ActingPolicy): Acted => {
  let state = before;
  const deliveries: Delivery[] = [];
  for (const { message, at } of messages) {
    const acted =
      message.kind === 'grade.changed'
        ? decideOnChange(state, message, at, policy)
        : decideOnDue(state, message.asOf, policy);
    state = acted.state;
    deliveries.push(...acted.deliveries);
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
      heard.set(message.customer, [...before, { message, at: record.at }]);
    }
  }
  return { heard: heard as ReadonlyMap<CustomerId, readonly Heard[]>, unread };
};
