import { randomUUID } from 'node:crypto';
import { dynamoDbActionStore } from '../../shared/adapters/dynamodb/actions/action-store.ts';
import { dynamoDbCohortStore } from '../../shared/adapters/dynamodb/cohorts/cohort-store.ts';
import { dynamoDbCustomerStore } from '../../shared/adapters/dynamodb/customers/customer-store.ts';
import { dynamoDbModelRegistry } from '../../shared/adapters/dynamodb/models/model-registry.ts';
import { dynamoDbRecordStore } from '../../shared/adapters/dynamodb/records/record-store.ts';
import { dynamoDbRelay } from '../../shared/adapters/dynamodb/relay.ts';
import { dynamoDbSpill } from '../../shared/adapters/dynamodb/spill.ts';
import { dynamoDbTokenStore } from '../../shared/adapters/dynamodb/token-store.ts';
import { kafkaIntake } from '../../shared/adapters/kafka/intake.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { ActionStore } from '../../shared/ports/action-store.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CohortStore } from '../../shared/ports/cohort-store.ts';
import type { CustomerStore } from '../../shared/ports/customer-store.ts';
import type { Intake } from '../../shared/ports/intake.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { ModelRegistry } from '../../shared/ports/model-registry.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { Relay } from '../../shared/ports/relay.ts';
import type { Spill } from '../../shared/ports/spill.ts';
import type { TokenStore } from '../../shared/ports/token-store.ts';
import { type Footing, type FootingSettings, openFooting } from './open-footing.ts';

export interface GroundSettings extends FootingSettings {
  readonly tenant: TenantId;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Everything that a stage may need, on Kafka and DynamoDB. */
export interface Ground extends Footing {
  readonly intake: Intake;
  readonly spill: Spill;
  readonly relay: Relay;
  readonly records: RecordStore;
  readonly customers: CustomerStore;
  readonly cohorts: CohortStore;
  readonly registry: ModelRegistry;
  readonly actions: ActionStore;
  readonly tokens: TokenStore;
}

/**
 * Opens all of it, for a process that runs several stages. A function takes the footing, and only the stores it needs.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, naming the secret or setting that is missing.
 */
export const openGround = (settings: GroundSettings): Ground => {
  const { tenant, log, clock, metrics } = settings;
  const footing = openFooting(settings);
  const { client, table, stream } = footing;
  const spill = dynamoDbSpill({ client, table, tenant, uuid: randomUUID });
  return {
    ...footing,
    spill,
    relay: dynamoDbRelay({ client, table, tenant, uuid: randomUUID }),
    intake: kafkaIntake({ stream, spill, metrics, log, clock }),
    records: dynamoDbRecordStore({ client, table }),
    customers: dynamoDbCustomerStore({ client, table }),
    cohorts: dynamoDbCohortStore({ client, table }),
    registry: dynamoDbModelRegistry({ client, table }),
    actions: dynamoDbActionStore({ client, table, tenant }),
    tokens: dynamoDbTokenStore({ client, table, tenant }),
  };
};
