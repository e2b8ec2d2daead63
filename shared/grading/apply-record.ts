import type { Cause } from '../domain/change.ts';
import type { CustomerState } from '../domain/customer-state.ts';
import type { RecordEvent } from '../domain/event.ts';
import { handedOf } from '../domain/handed-records.ts';
import type { Instant } from '../domain/instant.ts';
import type { Becomes } from '../domain/merge.ts';
import { applyToRecords, shortKey } from '../domain/profile.ts';
import { recordKeyOf } from '../domain/record.ts';
import type { AppliedEvent } from './applied-event.ts';
import { hand, leave, mergesOf } from './hand-over.ts';
import { joining } from './merge-asked.ts';

/**
 * What a record says of its customer. Where the customer is part of another one, it goes on there. Where the record says that
 * the customer became part of another one, or no longer says so, that is done once: what persons did since stays.
 */
export const applyRecord = (state: CustomerState, event: RecordEvent, cause: Cause): AppliedEvent | undefined => {
  const applied = applyToRecords(state.records, event);
  if (applied.outcome === 'stale') return undefined;
  const key = shortKey(recordKeyOf(event.record));
  const taken: AppliedEvent = {
    cause,
    decides: true,
    onto: (current, now) => handOn({ ...current, records: applied.records }, key, { cause, now }),
  };
  return event.kind === 'record.retracted' ? taken : afterwards(state, key, event.becomes, taken);
};

const handOn = (
  state: CustomerState,
  key: string,
  { cause, now }: { readonly cause: Cause; readonly now: Instant },
): CustomerState => hand(state, { path: [], handing: 'news', records: handedOf(state, [key]), cause }, now);

/** A record that is gone takes nothing back: merging deletes the one that is merged. */
const afterwards = (
  state: CustomerState,
  key: string,
  says: Becomes | undefined,
  taken: AppliedEvent,
): AppliedEvent => {
  const { told, seal } = mergesOf(state);
  const before = told[key];
  if (before?.customer === says?.customer && before?.as === says?.as) return taken;
  const noted = (current: CustomerState): CustomerState => noteTold(current, key, says);
  if (says !== undefined) {
    const { decides, onto, ...joined } = joining(state, { into: says.customer, as: says.as });
    const after = (current: CustomerState, now: Instant) => onto(noted(taken.onto(current, now)), now);
    return decides ? { ...joined, decides, onto: after } : { ...taken, ...refusalOf(joined), onto: after };
  }
  if (seal === undefined || seal.into !== before?.customer)
    return { ...taken, onto: (current, now) => noted(taken.onto(current, now)) };
  return {
    cause: { type: seal.as, customer: seal.into, undone: true },
    decides: true,
    onto: (current, now) => leave(noted(taken.onto(current, now)), {}, now),
  };
};

const refusalOf = ({ refused }: Pick<AppliedEvent, 'refused'>): Pick<AppliedEvent, 'refused'> =>
  refused === undefined ? {} : { refused };

const noteTold = (state: CustomerState, key: string, says: Becomes | undefined): CustomerState => {
  const merges = mergesOf(state);
  const { [key]: _, ...others } = merges.told;
  return { ...state, merges: { ...merges, told: says === undefined ? others : { ...others, [key]: says } } };
};
