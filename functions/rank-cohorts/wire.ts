import type { TenantId } from '../../shared/domain/ids.ts';
import { cohortSpecsOf } from '../../shared/grading/cohort-specs.ts';
import type { Grader } from '../../shared/grading/grader.ts';
import type { CohortStore } from '../../shared/ports/cohort-store.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { Stream } from '../../shared/ports/stream.ts';
import { parkOn } from '../../shared/usecases/park.ts';
import { rankCohorts } from '../../shared/usecases/rank-cohorts.ts';

export interface RankCohortsParts {
  readonly tenant: TenantId;
  readonly cohorts: CohortStore;
  readonly stream: Stream;
  readonly graders: readonly Grader[];
  readonly log: Log;
  readonly metrics: Metrics;
}

export const wireRankCohorts = (parts: RankCohortsParts) => {
  const { tenant, cohorts, stream, graders, log, metrics } = parts;
  const park = parkOn({ stream, stage: 'rank-cohorts', log, metrics });
  return { process: rankCohorts({ tenant, cohorts, stream, specOf: cohortSpecsOf(graders), park, metrics }) };
};
