import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { Instant } from '../../shared/domain/instant.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';
import type { Sending, Way } from './dead-desk.ts';

/** The way of commands to what a workspace runs on. */
export interface EventDesk extends Sending {
  businessNow(): Instant;
}

/**
 * On the embedded engine through the node that runs on the store; where none does, into the store itself, which keeps a node from
 * starting meanwhile. On Kafka onto its topic, or by way of the table: workers need not be asked.
 *
 * @throws {PipelineError} `STORE_IN_USE`, `STORE_UNAVAILABLE`.
 */
export type OpenEventDesk = (loaded: LoadedWorkspace, engine?: KafkaDynamoDbEngine, way?: Way) => Promise<EventDesk>;
