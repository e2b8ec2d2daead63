import type { CustomerState } from '../domain/customer-state.ts';
import type { CustomerEvent } from '../domain/event.ts';
import { giveBack, handedOf, takeHanded } from '../domain/handed-records.ts';
import type { Instant } from '../domain/instant.ts';
import type { Member } from '../domain/merge.ts';
import type { AppliedEvent } from './applied-event.ts';
import { hand, leave, mergesOf, startHandover, withMember } from './hand-over.ts';

type Handed = Extract<CustomerEvent, { kind: 'records.handed' }>;
type Recalled = Extract<CustomerEvent, { kind: 'records.recalled' }>;

/**
 * Takes in records that a customer handed over, and hands them on where this one is part of another itself. A message that is
 * not newer than what its sender said before only fills gaps: versions tell. Nothing is decided before all of a handover is here.
 */
export const takeRecords = (state: CustomerState, event: Handed): AppliedEvent | undefined => {
  const from = event.path.at(-1) ?? event.customer;
  const member = mergesOf(state).members[from];
  const inOrder = member === undefined || event.seq > member.seq;
  if (event.path.includes(state.customer)) return inOrder ? comeRound(state, event, member) : undefined;
  if (!inOrder && member.phase === 'left') return undefined;
  const { records, changed } = takeHanded(state.records, { from, records: event.records, inOrder });
  if (!inOrder && changed.length === 0) return undefined;
  const phase = phaseAfter(member, event.handing);
  return {
    cause: event.cause,
    decides: phase === 'here' && event.handing !== 'more',
    onto: (current, now) => {
      const taken = withMember({ ...current, records }, from, { seq: inOrder ? event.seq : member.seq, phase });
      // also where there are no records: only so is a circle found
      const handing = event.handing === 'more' ? 'more' : 'news';
      return hand(taken, { path: event.path, handing, records: handedOf(taken, changed), cause: event.cause }, now);
    },
  };
};

const phaseAfter = (member: Member | undefined, handing: Handed['handing']): Member['phase'] =>
  handing === 'all' || member?.phase === 'here' ? 'here' : 'arriving';

/**
 * Its own records came back to it: customers were merged in a circle at the same moment. Whoever finds that comes off again; a
 * circle has to be broken somewhere.
 */
const comeRound = (state: CustomerState, { path, seq, cause }: Handed, member: Member | undefined): AppliedEvent => {
  const from = path.at(-1) ?? state.customer;
  const { seal } = mergesOf(state);
  const noted = { seq, phase: member?.phase ?? 'arriving' } as const;
  // what it sent to whom it is no longer part of goes round no circle
  const isCircle = seal !== undefined && path[path.indexOf(state.customer) + 1] === seal.into;
  if (!isCircle) return { cause, decides: false, onto: (current) => withMember(current, from, noted) };
  return {
    cause: { type: seal.as, customer: seal.into, undone: true },
    decides: true,
    refused: `${state.customer} cannot become part of ${seal.into}, which became part of it at the same moment (${path.join(' → ')}): merge them once more, one way`,
    onto: (current, now) => leave(withMember(current, from, noted), {}, now),
  };
};

/** A customer came off this one: what it handed over is taken back, here and from whom it was handed on to. */
export const giveRecordsBack = (state: CustomerState, { from, seq, cause }: Recalled): AppliedEvent | undefined => {
  const member = mergesOf(state).members[from];
  if (member !== undefined && seq <= member.seq) return undefined;
  return {
    cause,
    decides: true,
    onto: (current: CustomerState, now: Instant) =>
      startHandover(
        withMember({ ...current, records: giveBack(current.records, from) }, from, { seq, phase: 'left' }),
        now,
      ),
  };
};
