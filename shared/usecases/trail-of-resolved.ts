import { recordKeyOf } from '../domain/record.ts';
import type { Sighting } from '../domain/record-item.ts';
import type { Trail } from '../ports/trail.ts';
import type { Folded } from './record-items.ts';

/** What was heard of records, and what it came to. */
export interface Seen {
  /** Ids of what told of each sighting, in their order. */
  readonly from: readonly string[];
  readonly sightings: readonly Sighting[];
  readonly folded: Folded;
  /** Keys of records of which nothing was written: their turn comes again. */
  readonly lost: ReadonlySet<string>;
}

/** Tells, record by record, which hints led to which events; where to none, what became of the last. */
export const trailOfResolved = (stage: string, { from, sightings, folded, lost }: Seen, trail: Trail): void => {
  const told = new Map<string, { readonly from: string[]; outcome: string }>();
  for (const [index, { record }] of sightings.entries()) {
    const key = recordKeyOf(record);
    const one = told.get(key) ?? { from: [], outcome: '' };
    one.from.push(from[index] ?? key);
    one.outcome = folded.outcomes[index]?.outcome ?? 'resolved';
    told.set(key, one);
  }
  for (const [key, { from: ids, outcome }] of told) {
    if (lost.has(key)) continue;
    const events = folded.owed.filter(({ record }) => record === key).map(({ event }) => event);
    trail(stage, ids, events, events.length > 0 ? 'resolved' : outcome);
  }
};
