import type { CohortId, CohortSpec } from '#shared/domain/cohort.ts';
import type { Grader } from '#shared/grading/grader.ts';
import type { InForce } from '#shared/grading/in-force.ts';
import type { CohortSpecs, RankCohortsDeps } from '#shared/usecases/rank-cohorts.ts';

/** What is in force where these models grade since an epoch, and nothing is being built. */
export const inForceOf = (graders: readonly Grader[], epoch = 1): InForce => ({
  epoch,
  newest: epoch,
  cause: { type: 'model', epoch, by: 'test', why: 'a test', alerts: 'send' },
  graders,
  isMoving: false,
});

interface FixedModels {
  current(): Promise<InForce>;
  reload(): Promise<InForce>;
}

/** Models that are never replaced. */
export const fixedModels = (graders: readonly Grader[]): FixedModels => {
  const inForce = inForceOf(graders);
  return { current: async () => inForce, reload: async () => inForce };
};

/** Cohorts whose models are never replaced. */
export const fixedSpecs = (specOf: (cohort: CohortId) => CohortSpec | undefined): RankCohortsDeps['specs'] => {
  const specs: CohortSpecs = { specOf, isQuiet: () => false };
  return { current: async () => specs, reload: async () => specs };
};
