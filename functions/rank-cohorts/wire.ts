import type { TenantId } from '../../shared/domain/ids.ts';
import { cohortSpecsOf } from '../../shared/grading/cohort-specs.ts';
import { type InForce, specsInForce } from '../../shared/grading/in-force.ts';
import type { CohortStore } from '../../shared/ports/cohort-store.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { Stream } from '../../shared/ports/stream.ts';
import type { InForceReader } from '../../shared/usecases/models-in-force.ts';
import { parkOn } from '../../shared/usecases/park.ts';
import { type CohortSpecs, type RankCohortsDeps, rankCohorts } from '../../shared/usecases/rank-cohorts.ts';

export interface RankCohortsParts {
  readonly tenant: TenantId;
  readonly cohorts: CohortStore;
  readonly stream: Stream;
  readonly models: InForceReader;
  readonly log: Log;
  readonly metrics: Metrics;
}

export const wireRankCohorts = (parts: RankCohortsParts) => {
  const { tenant, cohorts, stream, models, log, metrics } = parts;
  const park = parkOn({ stream, stage: 'rank-cohorts', log, metrics });
  return { process: rankCohorts({ tenant, cohorts, stream, specs: specsOf(models), park, metrics }) };
};

const specsOf = (models: RankCohortsParts['models']): RankCohortsDeps['specs'] => ({
  current: async () => specsIn(await models.current()),
  reload: async () => specsIn(await models.reload()),
});

const specsIn = (inForce: InForce): CohortSpecs => {
  const { coming } = inForce;
  const isComing = cohortSpecsOf(coming?.graders ?? []);
  return {
    specOf: specsInForce(inForce),
    isQuiet: (cohort) => coming?.quiet === true && isComing(cohort) !== undefined,
  };
};
