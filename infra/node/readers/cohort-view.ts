import type { TenantId } from '../../../shared/domain/ids.ts';
import { cohortSpecsOf } from '../../../shared/grading/cohort-specs.ts';
import type { Grader } from '../../../shared/grading/grader.ts';
import type { CohortStore } from '../../../shared/ports/cohort-store.ts';
import { auditCohort, auditPage } from '../../../shared/usecases/audit-cohort.ts';
import type { NodeReader } from '../../cli/reader.ts';

export interface CohortParts {
  readonly tenant: TenantId;
  /** Opened when it is asked: a store that an older version left may have no cohorts. */
  readonly openCohorts: () => CohortStore;
  readonly graders: readonly Grader[];
}

/** What every reader tells of cohorts, from the store's port alone. */
export const readsOfCohorts = ({
  tenant,
  openCohorts,
  graders,
}: CohortParts): Pick<NodeReader, 'listCohorts' | 'auditCohort'> => ({
  listCohorts: async (after, limit) => {
    const store = openCohorts();
    const { cohorts, next } = await store.listCohorts(tenant, after, limit);
    const heads = await store.findHeads(tenant, cohorts);
    return { cohorts: cohorts.map((cohort) => ({ cohort, members: heads.get(cohort)?.members ?? 0 })), next };
  },
  auditCohort: (cohort, onRows) =>
    auditCohort({
      ...{ tenant, cohorts: openCohorts(), specOf: cohortSpecsOf(graders) },
      pause: async () => {
        onRows(auditPage);
        return true;
      },
    })(cohort),
});
