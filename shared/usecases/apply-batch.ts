import type { CohortId, CohortSpec } from '../domain/cohort.ts';
import { closingOf, type OpenHead, openBatch } from '../domain/cohort-batch.ts';
import type { CohortHead, NetMove } from '../domain/cohort-head.ts';
import type { Walk } from '../domain/cohort-walk.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { KeyRange } from '../domain/key-range.ts';
import type { RankKey } from '../domain/rank-key.ts';
import type { CohortStore } from '../ports/cohort-store.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { PublishReviews } from './publish-reviews.ts';

export interface ApplyBatchDeps {
  readonly tenant: TenantId;
  readonly cohorts: CohortStore;
  readonly publish: PublishReviews;
  readonly metrics: Metrics;
  /** Whose figures these are. */
  readonly stage: string;
  /** True of a cohort that owes nobody a review: all of its members are going to be decided anyway. */
  readonly isQuiet: (cohort: CohortId) => boolean;
}

/** Undefined: another writer was first; nothing is lost, read the head and begin again. */
export type Applied = CohortHead | undefined;

/** Does what an earlier batch left behind: reviews that it owes are published, and its moves applied to the end. */
export const settle = async (head: CohortHead, spec: CohortSpec, deps: ApplyBatchDeps): Promise<Applied> => {
  await publish(head, deps);
  return isOpen(head) ? finish(head, spec, deps) : head;
};

/** Applies netted moves to a settled head. From the first put on, whoever finds the head can bring this batch to its end. */
export const applyBatch = async (
  head: CohortHead,
  { moves, at }: { readonly moves: readonly NetMove[]; readonly at: Instant },
  spec: CohortSpec,
  deps: ApplyBatchDeps,
): Promise<Applied> => {
  const open = openBatch(head, moves, at);
  return (await deps.cohorts.putHead(deps.tenant, open)) ? finish(open, spec, deps) : undefined;
};

const isOpen = (head: CohortHead): head is OpenHead => head.open !== undefined;

const finish = async (head: OpenHead, spec: CohortSpec, deps: ApplyBatchDeps): Promise<Applied> => {
  const { tenant, cohorts, metrics, stage } = deps;
  await cohorts.applyMoves(tenant, head.cohort, head.open.moves);
  let rowsRead = 0;
  const read = async (range: KeyRange): Promise<readonly RankKey[]> => {
    const rows = await cohorts.readRows(tenant, head.cohort, range);
    rowsRead += rows.length;
    return rows;
  };
  const { walks, close } = closingOf(head, spec);
  const owing = close(await Promise.all(walks.map((walk) => take(walk, read))));
  const closed = deps.isQuiet(head.cohort) ? owingNothing(owing) : owing;
  if (rowsRead > 0) metrics.count(stage, 'rows-read', rowsRead);
  if (!(await cohorts.putHead(tenant, closed))) return undefined;
  await publish(closed, deps);
  return closed;
};

const owingNothing = ({ owed: _, ...head }: CohortHead): CohortHead => head;

const take = async <T>(walk: Walk<T>, read: (range: KeyRange) => Promise<readonly RankKey[]>): Promise<T> => {
  let step = walk.next();
  while (step.done !== true) step = walk.next(await read(step.value));
  return step.value;
};

const publish = async (head: CohortHead, deps: ApplyBatchDeps): Promise<void> => {
  const reviews = await deps.publish(head);
  if (reviews > 0) deps.metrics.count(deps.stage, 'out', reviews);
};
