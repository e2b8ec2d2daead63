import { wireActOnChanges } from '../../functions/act-on-changes/wire.ts';
import { wireGradeCustomers } from '../../functions/grade-customers/wire.ts';
import { connectConnections } from '../../functions/ground/connect-connections.ts';
import { reasonsOf } from '../../functions/ground/reasons-of.ts';
import { wireRankCohorts } from '../../functions/rank-cohorts/wire.ts';
import { wireResolveRecords } from '../../functions/resolve-records/wire.ts';
import type { CustomerId, TenantId } from '../../shared/domain/ids.ts';
import type { ActionStore } from '../../shared/ports/action-store.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CohortStore } from '../../shared/ports/cohort-store.ts';
import type { CustomerStore } from '../../shared/ports/customer-store.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { Stream } from '../../shared/ports/stream.ts';
import type { TokenStore } from '../../shared/ports/token-store.ts';
import { resolveSecret } from '../../shared/runtime/secrets.ts';
import type { ModelsInForce } from '../../shared/usecases/models-in-force.ts';
import type { LoadedWorkspace } from './workspace/load-workspace.ts';

/** What the stages stand on, whatever engine it is. */
export interface StageGround {
  readonly loaded: LoadedWorkspace;
  readonly tenant: TenantId;
  readonly stream: Stream;
  readonly records: RecordStore;
  readonly customers: CustomerStore;
  /** What they are graded by. */
  readonly models: ModelsInForce;
  readonly cohorts: CohortStore;
  readonly actions: ActionStore;
  readonly tokens: TokenStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly newLedgerKey?: (customer: CustomerId) => string;
}

/** The stages of one workspace, wired and not yet fed. */
export const wireStages = (ground: StageGround) => {
  const { loaded, newLedgerKey } = ground;
  const { workspace, playbooks, folder, rates } = loaded;
  const secretOf = (ref: Parameters<typeof resolveSecret>[0]): string => resolveSecret(ref, { folder });
  const { sources, writers } = connectConnections(workspace, { ...ground, resolveSecret: secretOf, rates });
  return {
    sources,
    resolving: wireResolveRecords({ ...ground, connections: sources }),
    grading: wireGradeCustomers({ ...ground, ...(newLedgerKey === undefined ? {} : { newLedgerKey }) }),
    ranking: wireRankCohorts(ground),
    acting: wireActOnChanges({
      ...ground,
      workspace,
      playbooks,
      reasons: reasonsOf(ground.models, workspace.timezone),
      writers,
      resolveSecret: secretOf,
    }),
  };
};

export type Stages = ReturnType<typeof wireStages>;
