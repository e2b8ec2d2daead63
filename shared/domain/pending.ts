import type { Instant } from './instant.ts';

/** A message that a stored item owes to a topic: decided, written with the item, perhaps not yet published. */
export interface Pending {
  /** Where to; without it the item's own topic: `regrade.changes` for customers, `regrade.events` for records. */
  readonly topic?: 'cohorts';
  readonly key: string;
  readonly value: string;
  /** The append instant of what caused it. */
  readonly at: Instant;
}
