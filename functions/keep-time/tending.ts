import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KafkaConnection } from '../../shared/adapters/kafka/connect.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CohortStore } from '../../shared/ports/cohort-store.ts';
import type { CustomerStore } from '../../shared/ports/customer-store.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { ModelRegistry } from '../../shared/ports/model-registry.ts';
import type { Stream } from '../../shared/ports/stream.ts';
import type { TokenStore } from '../../shared/ports/token-store.ts';
import type { KnownModel } from '../../shared/usecases/models-in-force.ts';

export interface TendingParts {
  readonly tenant: TenantId;
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Of the workspace. */
  readonly models: readonly KnownModel[];
  readonly timezone: string;
  readonly registry: ModelRegistry;
  readonly customers: CustomerStore;
  readonly cohorts: CohortStore;
  readonly tokens: TokenStore;
  readonly stream: Stream;
  /** To the cluster that tells how far the groups are. */
  readonly connection: KafkaConnection;
  readonly summarise: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Whether so much time is left. */
  readonly hasTime: (ms: number) => boolean;
}

export interface Tending {
  /** Goes on with what was published. */
  publish(): Promise<unknown>;
  /** Goes on with the night's count of cohorts. */
  audit(): Promise<void>;
}
