import type { CustomerState } from '../domain/customer-state.ts';
import type { CustomerEvent } from '../domain/event.ts';
import type { AppliedEvent } from './applied-event.ts';
import { causeOfJoining, type Joining, join, leave, mergesOf } from './hand-over.ts';

type Requested = Extract<CustomerEvent, { kind: 'merge.requested' }>;
type Undone = Extract<CustomerEvent, { kind: 'merge.undone' }>;

/** Seals the customer. Asked a second time for the same, nothing happens; asked for another one, it goes there. */
export const joinAsked = (state: CustomerState, { into, as, by, why }: Requested): AppliedEvent =>
  joining(state, { into, as, by, why });

export const joining = (state: CustomerState, joined: Joining): AppliedEvent => {
  const cause = causeOfJoining(joined);
  const refused = whyNot(state, joined);
  if (refused !== undefined) return { cause, decides: false, refused, onto: (current) => current };
  if (mergesOf(state).seal?.into === joined.into) return { cause, decides: false, onto: (current) => current };
  return { cause, decides: true, onto: (current, now) => join(current, joined, now) };
};

export const leaveAsked = (state: CustomerState, { by, why }: Undone): AppliedEvent => {
  const { seal } = mergesOf(state);
  if (seal === undefined) {
    const cause = { type: 'merge', customer: state.customer, undone: true } as const;
    return {
      ...{
        cause,
        decides: false,
        refused: `${state.customer} is part of no other customer: there is no merge to undo`,
      },
      onto: (current) => current,
    };
  }
  return {
    cause: { type: seal.as, customer: seal.into, undone: true, by, why },
    decides: true,
    onto: (current, now) => leave(current, { by, why }, now),
  };
};

const whyNot = ({ customer, merges }: CustomerState, { into }: Joining): string | undefined => {
  if (into === customer) return `${customer} cannot become part of itself`;
  const phase = merges?.members[into]?.phase;
  if (phase === undefined || phase === 'left') return undefined;
  return `${customer} cannot become part of ${into}, which is part of it already: undo that merge first`;
};
