import { encodeCloudEvent } from '../domain/cloud-event.ts';
import type { CohortId, CohortMove, CohortSpec } from '../domain/cohort.ts';
import type { CustomerState } from '../domain/customer-state.ts';
import type { Instant } from '../domain/instant.ts';
import type { Pending } from '../domain/pending.ts';

export interface Telling {
  /** Business time of the commit. */
  readonly at: Instant;
  /** Undefined: of a cohort that nobody is graded by any more. */
  readonly specOf: (cohort: CohortId) => CohortSpec | undefined;
}

/**
 * What a commit tells the cohorts, those of an epoch that is being built among them: where the customer stands now, if that is
 * elsewhere than it said last, and which it left. Elsewhere is another zone too: cuts that were older than those by which the
 * cohort took the last move may have put it there. However many events the commit took, a cohort hears once.
 */
export const tellCohorts = (
  before: CustomerState,
  after: CustomerState,
  { at, specOf }: Telling,
): readonly Pending[] => {
  const [was, is] = [placesOf(before), placesOf(after)];
  const left = [...was.keys()].filter((cohort) => !is.has(cohort) && specOf(cohort) !== undefined);
  const moved = [...is].filter(([cohort, place]) => isElsewhere(was.get(cohort), place));
  return [
    ...left.map((cohort) => pendingMove(after, cohort, nowhere, at)),
    ...moved.map(([cohort, place]) => pendingMove(after, cohort, place, at)),
  ];
};

type Place = Pick<CohortMove, 'key' | 'zone'>;
const nowhere: Place = { key: null, zone: null };

/** Nobody has judged where there is no zone: that is no other one. */
const isElsewhere = (was: Place | undefined, { key, zone }: Place): boolean =>
  was?.key !== key || (was.zone !== null && zone !== null && was.zone !== zone);

/** By cohort. The models that grade have judged, those that are coming have not. */
const placesOf = ({ grades, coming }: CustomerState): ReadonlyMap<CohortId, Place> => {
  const places = new Map<CohortId, Place>();
  for (const { cohort, key } of Object.values(coming?.ranks ?? {})) places.set(cohort, { key, zone: null });
  for (const { rank } of Object.values(grades))
    if (rank !== undefined) places.set(rank.cohort, { key: rank.key, zone: rank.zone });
  return places;
};

const pendingMove = (
  { tenant, customer, version }: CustomerState,
  cohort: CohortId,
  { key, zone }: Place,
  at: Instant,
): Pending => {
  const move: CohortMove = { tenant, cohort, customer, version, key, zone, at };
  return {
    topic: 'cohorts',
    key: cohort,
    value: encodeCloudEvent(
      { id: `${customer}@${version}:${cohort}`, source: `regrade/${tenant}`, type: 'cohort.moved', data: move },
      at,
    ),
    at,
  };
};
