import { topics } from '../definitions/topics.ts';
import { encodeCloudEvent } from '../domain/cloud-event.ts';
import type { CohortId, Displacement } from '../domain/cohort.ts';
import { type CohortHead, cutsOfHead, type OwedReviews } from '../domain/cohort-head.ts';
import type { CustomerEvent } from '../domain/event.ts';
import type { CustomerId, TenantId } from '../domain/ids.ts';
import { customerOfKey, type RankKey } from '../domain/rank-key.ts';
import type { CohortStore } from '../ports/cohort-store.ts';
import type { Outgoing, Stream } from '../ports/stream.ts';

export interface PublishReviewsDeps {
  readonly tenant: TenantId;
  readonly cohorts: Pick<CohortStore, 'readRows'>;
  readonly stream: Pick<Stream, 'append'>;
}

export interface PublishReviews {
  /** Publishes what a head owes, unless this worker has done so before. Returns how many reviews that were. */
  (head: CohortHead): Promise<number>;
}

/** Of displaced members: read, and appended, at a time. */
const pageSize = 500;

export const publishReviews = (deps: PublishReviewsDeps): PublishReviews => {
  // by cohort, the revision whose reviews are published; with its instant, since a cohort that was dropped begins at 1 again
  const published = new Map<CohortId, string>();
  return async (head) => {
    const { owed, cohort, revision } = head;
    if (owed === undefined) return 0;
    const mark = `${revision}@${owed.at}`;
    if (published.get(cohort) === mark) return 0;
    const reviews = await publishOwed(head, owed, deps);
    published.set(cohort, mark);
    return reviews;
  };
};

const publishOwed = async (
  head: CohortHead,
  { ranges, customers, at }: OwedReviews,
  { tenant, cohorts, stream }: PublishReviewsDeps,
): Promise<number> => {
  const cuts = cutsOfHead(head);
  let reviews = customers.length;
  const append = async (asked: readonly CustomerId[], displacement?: Displacement): Promise<void> => {
    const cohort = displacement === undefined ? { cuts } : { cuts, displacement };
    const records = asked.map((customer) => reviewOf({ kind: 'review.requested', tenant, customer, asOf: at, cohort }));
    if (records.length > 0) await stream.append(topics.events, records);
  };
  await append(customers);
  for (const { after, upTo, displacement } of ranges) {
    let rows: readonly RankKey[];
    let last = after;
    do {
      rows = await cohorts.readRows(tenant, head.cohort, { after: last, upTo, limit: pageSize });
      await append(rows.map(customerOfKey), displacement);
      reviews += rows.length;
      last = rows.at(-1) ?? last;
    } while (rows.length === pageSize);
  }
  return reviews;
};

type CohortReview = Extract<CustomerEvent, { kind: 'review.requested' }> & {
  readonly cohort: NonNullable<Extract<CustomerEvent, { kind: 'review.requested' }>['cohort']>;
};

const reviewOf = (event: CohortReview): Outgoing => {
  const { tenant, customer, asOf, cohort } = event;
  const id = `${customer}:${cohort.cuts.cohort}:${cohort.cuts.version}`;
  return {
    key: customer,
    value: encodeCloudEvent({ id, source: `regrade/${tenant}`, type: `regrade.${event.kind}`, data: event }, asOf),
    at: asOf,
  };
};
