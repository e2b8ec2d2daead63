import type { CohortId, CohortSpec } from '../domain/cohort.ts';
import { type CohortHead, emptyHead, type Place } from '../domain/cohort-head.ts';
import { type CountDrift, driftOf, putRight, type Recounted, recount } from '../domain/cohort-recount.ts';
import type { CustomerId, TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { customerOfKey, type RankKey } from '../domain/rank-key.ts';
import type { CohortStore } from '../ports/cohort-store.ts';
import type { Stream } from '../ports/stream.ts';
import { publishReviews } from './publish-reviews.ts';

export interface AuditCohortDeps {
  readonly tenant: TenantId;
  readonly cohorts: CohortStore;
  /** Undefined: of a model version that nobody grades by any more. */
  readonly specOf: (cohort: CohortId) => CohortSpec | undefined;
  /** Runs after each page of rows: live work goes first. False: the count is broken off. */
  readonly pause: () => Promise<boolean>;
}

export interface RepairCohortDeps extends AuditCohortDeps {
  readonly stream: Pick<Stream, 'append'>;
}

export type CohortDrift = { readonly cohort: CohortId } & (
  | CountDrift
  | {
      /** A row that its customer's place does not know of. */
      readonly what: 'place';
      readonly customer: CustomerId;
      readonly expected: string;
      readonly found: string;
    }
);

export interface Drifted {
  readonly outcome: 'drifted';
  readonly drifts: readonly CohortDrift[];
  /** The head that was looked at, and what it should say. */
  readonly head: CohortHead;
  readonly exact: Recounted;
}

/** `moved`: a batch was applied while rows were counted, or is open; nothing can be said, ask again. */
export type CohortAudit =
  | { readonly outcome: 'exact'; readonly members: number }
  | Drifted
  | { readonly outcome: 'moved' }
  | { readonly outcome: 'broken-off' }
  | { readonly outcome: 'retired' };

/** Of rows, and of places beside them. */
export const auditPage = 500;
/** More of one kind tell nothing new. */
const mostPlaces = 100;

/** Counts a cohort from its rows and compares: head with rows, rows with places. Reads every row once, twice where counts differ. */
export const auditCohort =
  (deps: AuditCohortDeps) =>
  async (cohort: CohortId): Promise<CohortAudit> => {
    const spec = deps.specOf(cohort);
    if (spec === undefined) return { outcome: 'retired' };
    const head = await findHead(cohort, spec, deps);
    if (head.open !== undefined) return { outcome: 'moved' };
    const places: CohortDrift[] = [];
    const counted = await countRows(spec, head, deps, async (rows) => {
      if (places.length < mostPlaces) places.push(...(await misplaced(cohort, rows, deps)));
    });
    if (counted === undefined) return { outcome: 'broken-off' };
    const isSupposed = counted.members === head.members && counted.worth === head.worth;
    const exact = isSupposed ? counted : await countRows(spec, { ...counted, cohort }, deps);
    if (exact === undefined) return { outcome: 'broken-off' };
    if ((await findHead(cohort, spec, deps)).revision !== head.revision) return { outcome: 'moved' };
    const drifts = [...driftOf(head, exact).map((drift) => ({ cohort, ...drift })), ...places.slice(0, mostPlaces)];
    return drifts.length === 0
      ? { outcome: 'exact', members: exact.members }
      : { outcome: 'drifted', drifts, head, exact };
  };

/**
 * Puts the head that the rows ask for over the one that was audited, and asks for reviews of everybody whose zone that changes.
 * False: the cohort moved since; audit again.
 */
export const repairCohort = (deps: RepairCohortDeps) => {
  const publish = publishReviews(deps);
  return async ({ head, exact }: Drifted, at: Instant): Promise<boolean> => {
    const spec = deps.specOf(head.cohort);
    if (spec === undefined) return false;
    await publish(head);
    const right = putRight(head, exact, spec, at);
    if (!(await deps.cohorts.putHead(deps.tenant, right))) return false;
    await publish(right);
    return true;
  };
};

const findHead = async (
  cohort: CohortId,
  spec: CohortSpec,
  { tenant, cohorts }: AuditCohortDeps,
): Promise<CohortHead> => (await cohorts.findHeads(tenant, [cohort])).get(cohort) ?? emptyHead(cohort, spec);

/** Undefined: broken off. */
const countRows = async (
  spec: CohortSpec,
  supposed: Pick<CohortHead, 'cohort' | 'members' | 'worth'>,
  { tenant, cohorts, pause }: AuditCohortDeps,
  look: (rows: readonly RankKey[]) => Promise<void> = async () => undefined,
): Promise<Recounted | undefined> => {
  const count = recount(spec, supposed);
  let after = '';
  let rows: readonly RankKey[];
  do {
    rows = await cohorts.readRows(tenant, supposed.cohort, { after, limit: auditPage });
    count.add(rows);
    await look(rows);
    after = rows.at(-1) ?? after;
    if (!(await pause())) return undefined;
  } while (rows.length === auditPage);
  return count.result();
};

const misplaced = async (
  cohort: CohortId,
  rows: readonly RankKey[],
  { tenant, cohorts }: AuditCohortDeps,
): Promise<readonly CohortDrift[]> => {
  const places: ReadonlyMap<CustomerId, Place> = await cohorts.findPlaces(tenant, cohort, rows.map(customerOfKey));
  return rows.flatMap((row) => {
    const customer = customerOfKey(row);
    const expected = String(places.get(customer)?.key ?? null);
    return expected === row ? [] : [{ cohort, what: 'place' as const, customer, expected, found: row }];
  });
};
