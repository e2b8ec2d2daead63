import type { CohortMove } from './cohort.ts';
import type { NetMove, Place } from './cohort-head.ts';
import type { CustomerId } from './ids.ts';

/** The newest move of each customer, unless what it says, or something newer, was applied already. */
export const netMoves = (moves: readonly CohortMove[], places: ReadonlyMap<CustomerId, Place>): readonly NetMove[] => {
  const newest = new Map<CustomerId, NetMove>();
  for (const { customer, version, key, zone } of moves) {
    const place = places.get(customer);
    if (version <= (newest.get(customer)?.version ?? place?.version ?? 0)) continue;
    newest.set(customer, { customer, old: place?.key ?? null, key, version, zone });
  }
  return [...newest.values()];
};

/** A head with an open batch stays below 100 KB, whatever the ids are like. */
const mostMoves = 250;
const mostCharacters = 80_000;
/** Names, digits and quotation marks of a move in JSON. */
const aroundMove = 70;

/** In order, each part small enough to be written into the head. */
export const inBatches = (moves: readonly NetMove[]): readonly (readonly NetMove[])[] => {
  const batches: NetMove[][] = [];
  let room = 0;
  for (const move of moves) {
    const characters = aroundMove + charactersOf(move);
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === mostMoves || characters > room) {
      batches.push([move]);
      room = mostCharacters - characters;
    } else {
      batch.push(move);
      room -= characters;
    }
  }
  return batches;
};

/** An id may be escaped in JSON as well. */
const charactersOf = ({ customer, old, key }: NetMove): number =>
  3 * customer.length + (old?.length ?? 0) + (key?.length ?? 0);
