import { CohortId, type CohortSpec } from '#shared/domain/cohort.ts';
import { closingOf, openBatch } from '#shared/domain/cohort-batch.ts';
import { type CohortHead, emptyHead, type Place } from '#shared/domain/cohort-head.ts';
import { netMoves } from '#shared/domain/cohort-moves.ts';
import type { Walk } from '#shared/domain/cohort-walk.ts';
import type { CustomerId } from '#shared/domain/ids.ts';
import { orderedKeys } from '#shared/domain/ordered-keys.ts';
import { rankKeyOf } from '#shared/domain/rank-key.ts';
import { customerOf, firstInstant } from '../contract/customer-states.ts';
import { tenant } from './plant.ts';

const cohort = CohortId.parse('model:1');

export const specOf = (changes: Partial<CohortSpec> = {}): CohortSpec => ({
  method: 'rank',
  thresholds: ['0.2', '0.5'],
  ties: 'byKey',
  boundary: 'start',
  minPopulation: 0,
  ...changes,
});

/** A move by hand: who, to which score (null: out), and the zone it was judged to be in. */
export type HandMove = readonly [id: string, score: number | null, zone?: number];

/** One cohort in memory, moved without any store: the pure steps and nothing else. */
export const handCohort = (spec: CohortSpec) => {
  const rows = orderedKeys();
  const places = new Map<CustomerId, Place>();
  let head = emptyHead(cohort, spec);
  let rowsRead = 0;
  const take = <T>(walk: Walk<T>): T => {
    let step = walk.next();
    while (step.done !== true) {
      const read = rows.read(step.value);
      rowsRead += read.length;
      step = walk.next(read);
    }
    return step.value;
  };
  return {
    /** Applies a batch; what it left behind. */
    move: (moves: readonly HandMove[]): CohortHead & { readonly rowsRead: number } => {
      const said = moves.map(([id, score, zone = 0]) => {
        const customer = customerOf(id);
        const key = score === null ? null : rankKeyOf([score], customer);
        const version = (places.get(customer)?.version ?? 0) + 1;
        return { tenant, cohort, customer, version, key, zone: key === null ? null : zone, at: firstInstant };
      });
      const open = openBatch(head, netMoves(said, places), firstInstant);
      for (const { customer, old, key, version } of open.open.moves) {
        if (old !== null) rows.remove(old);
        if (key !== null) rows.add(key);
        places.set(customer, { key, version });
      }
      rowsRead = 0;
      const { walks, close } = closingOf(open, spec);
      head = close(walks.map(take));
      return { ...head, rowsRead };
    },
    inside: (): readonly (readonly string[])[] =>
      head.cuts.map(({ key }) => (key === null ? [] : namesOf(rows.read({ upTo: key, limit: 99_999 })))),
    /** Names of members whom a review is owed by a range. */
    displaced: (): readonly string[] =>
      (head.owed?.ranges ?? []).flatMap(({ after, upTo }) => namesOf(rows.read({ after, upTo, limit: 99_999 }))),
  };
};

const namesOf = (keys: readonly string[]): string[] => keys.map((key) => key.slice(key.lastIndexOf(':') + 1));
