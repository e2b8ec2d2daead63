import { encodeCloudEvent } from '../domain/cloud-event.ts';
import type { CohortId, CohortMove } from '../domain/cohort.ts';
import type { CustomerState, HeldGrade } from '../domain/customer-state.ts';
import type { Pending } from '../domain/pending.ts';

/**
 * What a commit tells the cohorts: where the customer stands now, if that is elsewhere than it said last, and which it left.
 * However many events the commit took, a cohort hears once.
 */
export const tellCohorts = (before: CustomerState, after: CustomerState): readonly Pending[] =>
  [...new Set([...Object.keys(before.grades), ...Object.keys(after.grades)])].flatMap((model) => {
    const [was, is] = [before.grades[model]?.rank, after.grades[model]?.rank];
    return [
      ...(was !== undefined && was.cohort !== is?.cohort ? [pendingMove(after, was.cohort, null)] : []),
      ...(is !== undefined && (is.cohort !== was?.cohort || is.key !== was.key)
        ? [pendingMove(after, is.cohort, is)]
        : []),
    ];
  });

type Rank = NonNullable<HeldGrade['rank']>;

const pendingMove = (
  { tenant, customer, version, decidedAt }: CustomerState,
  cohort: CohortId,
  rank: Rank | null,
): Pending => {
  const move: CohortMove = {
    tenant,
    cohort,
    customer,
    version,
    key: rank?.key ?? null,
    zone: rank?.zone ?? null,
    at: decidedAt,
  };
  return {
    topic: 'cohorts',
    key: cohort,
    value: encodeCloudEvent(
      { id: `${customer}@${version}:${cohort}`, source: `regrade/${tenant}`, type: 'cohort.moved', data: move },
      decidedAt,
    ),
    at: decidedAt,
  };
};
