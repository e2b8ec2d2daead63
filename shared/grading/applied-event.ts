import type { Cause } from '../domain/change.ts';
import type { CustomerState } from '../domain/customer-state.ts';
import type { Instant } from '../domain/instant.ts';

/** What an event does to a customer, and the cause it gives a change. */
export interface AppliedEvent {
  readonly cause: Cause;
  /** False where no grade can depend on it: it is only stored. */
  readonly decides: boolean;
  /** Why what was asked for is not done, for the person who asked. */
  readonly refused?: string;
  /** Onto the state as it is once overdue timers are played: they do not touch what events change. */
  readonly onto: (state: CustomerState, now: Instant) => CustomerState;
}
