import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { CustomerState } from '../../shared/domain/customer-state.ts';
import type { Instant } from '../../shared/domain/instant.ts';
import type { Survey, SurveyRequest } from '../../shared/grading/simulate/survey.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';

export interface PopulationRequest extends SurveyRequest {
  /** Id of the model whose grades are held now. */
  readonly against: string;
}

/**
 * All customers of a store that a node or workers may be writing to; it is never written here.
 *
 * Every method may throw {@link PipelineError} `STORE_UNAVAILABLE` or `STORE_CORRUPT`.
 */
export interface Population {
  /** Undefined where counting them would read everything. */
  readonly size: number | undefined;
  /** The business clock. */
  readonly now: Instant;
  /** A page at a time, in no order, each customer once. */
  pages(): AsyncIterable<readonly CustomerState[]>;
  /** Asks a model what it makes of everybody. `done` hears how many more were asked. */
  survey(request: PopulationRequest, done: (customers: number) => void): Promise<readonly Survey[]>;
  close(): void;
}

/**
 * `engine` is the Kafka and DynamoDB that the workspace runs on; absent, it runs on the embedded engine.
 *
 * @throws {PipelineError} `STORE_UNAVAILABLE` when there is no store yet, `CONFIG_INVALID` when there is no table.
 */
export type OpenPopulation = (loaded: LoadedWorkspace, engine?: KafkaDynamoDbEngine) => Promise<Population>;
