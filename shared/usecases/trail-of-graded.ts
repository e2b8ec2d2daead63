import { changeIdOf } from '../domain/change.ts';
import type { CustomerId } from '../domain/ids.ts';
import type { Regraded } from '../grading/regrade.ts';
import type { Trail } from '../ports/trail.ts';

/** What a customer was asked, and what it came to. */
interface Graded extends Pick<Regraded, 'entries' | 'outdated'> {
  readonly customer: CustomerId;
  readonly events: readonly { readonly id: string }[];
}

export interface GradedCustomers {
  readonly committed: readonly Graded[];
  /** Whose events were known already, or of the past. */
  readonly idle: readonly Graded[];
}

/** Tells, customer by customer, which events led to which changes. Who has to be decided again is told of then. */
export const trailOfGraded = (stage: string, { committed, idle }: GradedCustomers, trail: Trail): void => {
  for (const { customer, events, entries } of committed) {
    const changes = entries.map(({ seq }) => changeIdOf({ customer, seq }));
    trail(stage, idsOf(events), changes, changes.length > 0 ? 'changed' : 'unchanged');
  }
  for (const { events, outdated } of idle) if (!outdated) trail(stage, idsOf(events), [], 'known');
};

const idsOf = (events: Graded['events']): readonly string[] => events.map(({ id }) => id);
