import type { Cause } from '../domain/change.ts';
import { encodeCloudEvent } from '../domain/cloud-event.ts';
import type { CustomerState } from '../domain/customer-state.ts';
import type { CustomerEvent } from '../domain/event.ts';
import { partAfter } from '../domain/handed-records.ts';
import type { CustomerId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { type HandedRecord, type Member, type Merges, noMerges, type Seal } from '../domain/merge.ts';
import type { Pending } from '../domain/pending.ts';

/** Who a customer is to become part of, and who asked for it. */
export type Joining = Omit<Seal, 'handedUpTo'>;

type Handed = Extract<CustomerEvent, { kind: 'records.handed' }>;

interface Handing extends Pick<Handed, 'handing' | 'cause'> {
  readonly path: readonly CustomerId[];
  readonly records: readonly HandedRecord[];
}

export const mergesOf = ({ merges }: CustomerState): Merges => merges ?? noMerges;

/** Why the grade of the one who joins, or comes off, changes: names the other one. */
export const causeOfJoining = ({ into, as, by, why }: Joining): Cause => causeOf({ as, by, why }, into);

/** The customer becomes part of another one; of whom it was part before, it is no more. It owes the first of its records at once. */
export const join = (state: CustomerState, joining: Joining, now: Instant): CustomerState => {
  const alone = mergesOf(state).seal === undefined ? state : leave(state, {}, now);
  return startHandover(withSeal(alone, joining), now);
};

/** The customer is one of its own again: whose part it was owes back what it was handed. */
export const leave = (
  state: CustomerState,
  asked: { readonly by?: string; readonly why?: string },
  now: Instant,
): CustomerState => {
  const { seal, ...merges } = mergesOf(state);
  if (seal === undefined) return state;
  const cause = causeOf({ as: seal.as, ...asked, undone: true }, state.customer);
  const recalled = say(state, now, (seq) => ({
    ...{ kind: 'records.recalled', tenant: state.tenant, customer: seal.into },
    ...{ from: state.customer, seq, cause },
  }));
  return { ...recalled, merges: { ...merges, sent: mergesOf(recalled).sent } };
};

/** All records, from the first on: where more was handed before, it comes again. */
export const startHandover = (state: CustomerState, now: Instant): CustomerState => {
  const { seal } = mergesOf(state);
  return seal === undefined ? state : handNext(withSeal(state, { ...seal, handedUpTo: '' }), now);
};

/**
 * Hands over as many records as one message takes. Where there are more, the customer owes itself an event that asks for them:
 * a crash anywhere on the way goes on from there.
 */
export const handNext = (state: CustomerState, now: Instant): CustomerState => {
  const { seal } = mergesOf(state);
  if (seal?.handedUpTo === undefined) return state;
  const { records, upTo } = partAfter(state, seal.handedUpTo);
  const cause = causeOf(seal, state.customer);
  const told = hand(state, { path: [], handing: upTo === undefined ? 'all' : 'more', records, cause }, now);
  const { handedUpTo: _, ...complete } = seal;
  if (upTo === undefined) return withSeal(told, complete);
  return owe(
    withSeal(told, { ...complete, handedUpTo: upTo }),
    { kind: 'handover.due', tenant: state.tenant, customer: state.customer, after: upTo },
    `handover@${mergesOf(told).sent}`,
    now,
  );
};

/** Tells whom this customer became part of what records say; nobody where it is part of nobody. `path` leads up to this customer. */
export const hand = (state: CustomerState, { path, handing, records, cause }: Handing, now: Instant): CustomerState => {
  const { seal } = mergesOf(state);
  if (seal === undefined) return state;
  const { tenant, customer } = state;
  return say(state, now, (seq) => ({
    ...{ kind: 'records.handed', tenant, customer: seal.into },
    ...{ path: [...path, customer], seq, handing, records: [...records], cause },
  }));
};

export const withMember = (state: CustomerState, from: CustomerId, member: Member): CustomerState => {
  const merges = mergesOf(state);
  return { ...state, merges: { ...merges, members: { ...merges.members, [from]: member } } };
};

const withSeal = (state: CustomerState, seal: Seal): CustomerState => ({
  ...state,
  merges: { ...mergesOf(state), seal },
});

const causeOf = (
  { as, by, why, undone }: { as: Seal['as']; by?: string | undefined; why?: string | undefined; undone?: true },
  customer: CustomerId,
): Cause => ({
  type: as,
  customer,
  ...(undone === undefined ? {} : { undone }),
  ...(by === undefined ? {} : { by }),
  ...(why === undefined ? {} : { why }),
});

/** The next numbered message to whom this customer is part of. */
const say = (state: CustomerState, now: Instant, messageOf: (seq: number) => CustomerEvent): CustomerState => {
  const merges = mergesOf(state);
  const seq = merges.sent + 1;
  return owe({ ...state, merges: { ...merges, sent: seq } }, messageOf(seq), String(seq), now);
};

const owe = (state: CustomerState, event: CustomerEvent, name: string, now: Instant): CustomerState => {
  const message: Pending = {
    topic: 'events',
    key: event.customer,
    value: encodeCloudEvent(
      {
        id: `${state.customer}>${name}`,
        source: `regrade/${state.tenant}`,
        type: `regrade.${event.kind}`,
        data: event,
      },
      now,
    ),
    at: now,
  };
  return { ...state, pending: [...state.pending, message] };
};
