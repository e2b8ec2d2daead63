import type { Cause } from '../domain/change.ts';
import type { CustomerState } from '../domain/customer-state.ts';
import type { CustomerEvent, RecordEvent } from '../domain/event.ts';
import { applyToRecords } from '../domain/profile.ts';
import { recordKeyOf } from '../domain/record.ts';

/** What an event does to a customer, and the cause it gives a change. */
export interface AppliedEvent {
  readonly cause: Cause;
  /** Onto the state as it is once overdue timers are played: they do not touch what events change. */
  readonly onto: (state: CustomerState) => CustomerState;
}

type Told = Exclude<CustomerEvent, { kind: 'review.requested' }>;

/** So many commands are remembered: repeats come soon or not at all. */
const rememberedCommands = 16;

/** Undefined: a stale version, or a command that was carried out before. */
export const applyEvent = (state: CustomerState, event: Told, id: string): AppliedEvent | undefined => {
  switch (event.kind) {
    case 'record.asserted':
    case 'record.retracted': {
      const applied = applyToRecords(state.records, event);
      if (applied.outcome === 'stale') return undefined;
      return { cause: causeOf(event, id), onto: (current) => ({ ...current, records: applied.records }) };
    }
    case 'hold.set': {
      const { hold } = event;
      if (isDone(state, hold.command)) return undefined;
      return {
        cause: { type: 'manual', command: hold.command, by: hold.by, why: hold.why },
        onto: (current) => ({ ...current, hold, commands: remember(current, hold.command) }),
      };
    }
    case 'hold.cleared': {
      const { command, by, why } = event;
      if (isDone(state, command)) return undefined;
      return {
        cause: { type: 'manual', command, by, why },
        onto: ({ hold: _, ...current }) => ({ ...current, commands: remember(current, command) }),
      };
    }
  }
};

const causeOf = (event: RecordEvent, id: string): Cause => ({
  type: 'event',
  event: id,
  record: recordKeyOf(event.record),
  facts: event.kind === 'record.asserted' ? [...new Set(event.facts.map((fact) => fact.type))].sort() : [],
});

const isDone = ({ commands = [] }: CustomerState, command: string): boolean => commands.includes(command);

const remember = ({ commands = [] }: Pick<CustomerState, 'commands'>, command: string): readonly string[] =>
  [...commands, command].slice(-rememberedCommands);
