import type { Cause } from '../domain/change.ts';
import type { CustomerState } from '../domain/customer-state.ts';
import type { CustomerEvent, RecordEvent } from '../domain/event.ts';
import { recordKeyOf } from '../domain/record.ts';
import type { AppliedEvent } from './applied-event.ts';
import { applyRecord } from './apply-record.ts';
import { handNext, mergesOf } from './hand-over.ts';
import { joinAsked, leaveAsked } from './merge-asked.ts';
import { giveRecordsBack, takeRecords } from './take-members.ts';

type Told = Exclude<CustomerEvent, { kind: 'review.requested' }>;

/** Undefined: a stale version, or a command or message that was carried out before. */
export const applyEvent = (state: CustomerState, event: Told, id: string): AppliedEvent | undefined => {
  switch (event.kind) {
    case 'record.asserted':
    case 'record.retracted':
      return applyRecord(state, event, causeOf(event, id));
    case 'hold.set':
    case 'hold.cleared':
    case 'merge.requested':
    case 'merge.undone':
      return carryOut(state, event);
    case 'records.handed':
      return takeRecords(state, event);
    case 'records.recalled':
      return giveRecordsBack(state, event);
    case 'handover.due':
      return mergesOf(state).seal?.handedUpTo === event.after ? goOn : undefined;
  }
};

const goOn: AppliedEvent = { cause: { type: 'timer' }, decides: false, onto: handNext };

type Command = Extract<Told, { kind: 'hold.set' | 'hold.cleared' | 'merge.requested' | 'merge.undone' }>;

/** So many commands are remembered: repeats come soon or not at all. */
const rememberedCommands = 16;

const carryOut = (state: CustomerState, event: Command): AppliedEvent | undefined => {
  const { command } = event.kind === 'hold.set' ? event.hold : event;
  if (state.commands?.includes(command)) return undefined;
  const applied = applyCommand(state, event);
  return { ...applied, onto: (current, now) => remember(applied.onto(current, now), command) };
};

const applyCommand = (state: CustomerState, event: Command): AppliedEvent => {
  switch (event.kind) {
    case 'hold.set': {
      const { hold } = event;
      const { command, by, why } = hold;
      const cause: Cause = { type: 'manual', command, by, why };
      return { cause, decides: true, onto: (current) => ({ ...current, hold }) };
    }
    case 'hold.cleared': {
      const { command, by, why } = event;
      const cause: Cause = { type: 'manual', command, by, why };
      return { cause, decides: true, onto: ({ hold: _, ...current }) => current };
    }
    case 'merge.requested':
      return joinAsked(state, event);
    case 'merge.undone':
      return leaveAsked(state, event);
  }
};

const causeOf = (event: RecordEvent, id: string): Cause => ({
  type: 'event',
  event: id,
  record: recordKeyOf(event.record),
  facts: event.kind === 'record.asserted' ? [...new Set(event.facts.map((fact) => fact.type))].sort() : [],
});

const remember = (state: CustomerState, command: string): CustomerState => ({
  ...state,
  commands: [...(state.commands ?? []), command].slice(-rememberedCommands),
});
