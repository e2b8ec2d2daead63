import { randomBytes } from 'node:crypto';
import type { CustomerId, TenantId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CohortStore } from '../../shared/ports/cohort-store.ts';
import type { CustomerStore } from '../../shared/ports/customer-store.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { Stream } from '../../shared/ports/stream.ts';
import type { Trail } from '../../shared/ports/trail.ts';
import { hashing } from '../../shared/runtime/hashing.ts';
import { type GradeCustomersDeps, gradeCustomers } from '../../shared/usecases/grade-customers.ts';
import type { InForceReader } from '../../shared/usecases/models-in-force.ts';
import { parkOn } from '../../shared/usecases/park.ts';
import { publishOwed } from '../../shared/usecases/publish-owed.ts';

export interface GradeCustomersParts {
  readonly tenant: TenantId;
  readonly customers: CustomerStore;
  readonly cohorts: Pick<CohortStore, 'findHeads'>;
  readonly stream: Stream;
  readonly models: InForceReader;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Pick<Clock, 'wallNow'>;
  /** Nobody follows where it is absent. */
  readonly trail?: Trail;
  /** Tests that compare ledgers byte for byte bring their own. */
  readonly newLedgerKey?: (customer: CustomerId) => string;
}

export const wireGradeCustomers = (parts: GradeCustomersParts) => {
  const { tenant, customers, cohorts, stream, models, log, metrics, clock } = parts;
  const deps: GradeCustomersDeps = {
    tenant,
    customers,
    cohorts,
    stream,
    models,
    hashing,
    newLedgerKey: parts.newLedgerKey ?? (() => randomBytes(32).toString('hex')),
    park: parkOn({ stream, stage: 'grade-customers', log, metrics }),
    metrics,
    wallNow: clock.wallNow,
    ...(parts.trail === undefined ? {} : { trail: parts.trail }),
  };
  return { process: gradeCustomers(deps), publishOwed: publishOwed(deps) };
};
