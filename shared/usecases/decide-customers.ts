import { type CohortCuts, type CohortId, emptyCuts } from '../domain/cohort.ts';
import { cutsOfHead } from '../domain/cohort-head.ts';
import type { CustomerState } from '../domain/customer-state.ts';
import type { TenantId } from '../domain/ids.ts';
import { type InForce, specsInForce } from '../grading/in-force.ts';
import { type Arrived, type Regraded, type Regrading, regradeCustomer } from '../grading/regrade.ts';
import type { CohortStore } from '../ports/cohort-store.ts';

interface DecideDeps {
  readonly tenant: TenantId;
  readonly cohorts: Pick<CohortStore, 'findHeads'>;
  readonly regrading: Regrading;
}

interface Open {
  readonly before: CustomerState;
  readonly events: readonly Arrived[];
}

/**
 * Decides these customers, all by the same cuts: those of the cohorts that they are known to be in are read first, then those
 * of cohorts they turn out to join.
 */
export const decideCustomers = async <T extends Open>(
  open: readonly T[],
  deps: DecideDeps,
): Promise<readonly (T & Regraded)[]> => {
  const cuts = new Map<CohortId, CohortCuts>();
  await readCuts(
    open.flatMap(({ before }) => cohortsOf(before, deps.regrading)),
    cuts,
    deps,
  );
  const decideOne = (one: T): T & Regraded => ({
    ...one,
    ...regradeCustomer(one.before, one.events, deps.regrading, (cohort) => cuts.get(cohort)),
  });
  const steps = open.map(decideOne);
  for (;;) {
    const missing = steps.flatMap((step) => [...step.missing]);
    if (missing.length === 0) return steps;
    await readCuts(missing, cuts, deps);
    for (const [index, step] of steps.entries()) if (step.missing.size > 0) steps[index] = decideOne(step);
  }
};

const cohortsOf = ({ grades, coming, epoch = 0 }: CustomerState, inForce: InForce): readonly CohortId[] => [
  ...Object.values(grades).flatMap(({ rank }) => (rank === undefined ? [] : [rank.cohort])),
  // where the models came into force since, the customer is judged by the cuts of these
  ...(epoch < inForce.epoch ? Object.values(coming?.ranks ?? {}).map(({ cohort }) => cohort) : []),
];

/** A cohort that was never written has cuts as well: nobody is inside. One of a model that is not in use is nobody's. */
const readCuts = async (
  ids: readonly CohortId[],
  cuts: Map<CohortId, CohortCuts>,
  { tenant, cohorts, regrading }: DecideDeps,
): Promise<void> => {
  const specOf = specsInForce(regrading);
  const wanted = [...new Set(ids)].flatMap((cohort) => {
    const spec = specOf(cohort);
    return spec === undefined ? [] : [{ cohort, spec }];
  });
  if (wanted.length === 0) return;
  const heads = await cohorts.findHeads(
    tenant,
    wanted.map(({ cohort }) => cohort),
  );
  for (const { cohort, spec } of wanted) {
    const head = heads.get(cohort);
    cuts.set(cohort, head === undefined ? emptyCuts(cohort, spec) : cutsOfHead(head));
  }
};
