import type { CohortId, CohortSpec } from '../domain/cohort.ts';
import type { Grader } from './grader.ts';

/** How the cuts of a cohort are set, by whichever model it belongs to; undefined: a model version that is not in use. */
export const cohortSpecsOf =
  (graders: readonly Grader[]) =>
  (cohort: CohortId): CohortSpec | undefined => {
    for (const { specOf } of graders) {
      const spec = specOf(cohort);
      if (spec !== undefined) return spec;
    }
    return undefined;
  };
