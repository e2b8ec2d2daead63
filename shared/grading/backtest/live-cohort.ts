import type { CohortCuts, CohortId, CohortSpec } from '../../domain/cohort.ts';
import { closingOf, openBatch } from '../../domain/cohort-batch.ts';
import { type CohortHead, cutsOfHead, emptyHead, type NetMove } from '../../domain/cohort-head.ts';
import type { Walk } from '../../domain/cohort-walk.ts';
import type { CustomerId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { type OrderedKeys, orderedKeys } from '../../domain/ordered-keys.ts';
import { customerOfKey, type RankKey } from '../../domain/rank-key.ts';

/** A customer that comes (from null), leaves (to null), or stands elsewhere now. */
export interface Step {
  readonly customer: CustomerId;
  readonly from: RankKey | null;
  readonly to: RankKey | null;
}

/** One cohort in memory, its cuts always where they belong. */
export interface LiveCohort {
  readonly cuts: () => CohortCuts;
  /** Moves members, and returns who is in another zone since, without having moved. */
  readonly move: (steps: readonly Step[], at: Instant) => readonly CustomerId[];
}

/** The steps of the live protocol, over rows that answer at once. */
export const liveCohort = (cohort: CohortId, spec: CohortSpec): LiveCohort => {
  const rows = orderedKeys();
  let head = emptyHead(cohort, spec);
  let cuts = cutsOfHead(head);
  return {
    cuts: () => cuts,
    move: (steps, at) => {
      const open = openBatch(head, steps.map(netMove(head)), at);
      for (const { from } of steps) if (from !== null) rows.remove(from);
      for (const { to } of steps) if (to !== null) rows.add(to);
      const { walks, close } = closingOf(open, spec);
      head = close(walks.map((walk) => take(walk, rows)));
      cuts = cutsOfHead(head);
      const moved = new Set(steps.map(({ customer }) => customer));
      return displaced(head, rows).filter((customer) => !moved.has(customer));
    },
  };
};

/** Whoever moves is decided by the new cuts anyway: by which it was before does not matter. */
const netMove =
  ({ version }: CohortHead) =>
  ({ customer, from, to }: Step): NetMove => ({ customer, old: from, key: to, version: version + 1, zone: null });

const take = <T>(walk: Walk<T>, rows: OrderedKeys): T => {
  let step = walk.next();
  while (step.done !== true) step = walk.next(rows.read(step.value));
  return step.value;
};

const displaced = ({ owed }: CohortHead, rows: OrderedKeys): readonly CustomerId[] =>
  (owed?.ranges ?? []).flatMap(({ after, upTo }) => rows.read({ after, upTo, limit: rows.size }).map(customerOfKey));
