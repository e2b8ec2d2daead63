import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { PublicationAnswer, PublicationRequest } from '../node/publications.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';

/** The way to publish models on what a workspace runs on. */
export interface Publishing {
  /** Who carries out what is published: somebody who runs, or the node that is started next. */
  readonly carriedBy: 'running' | 'next-start';
  publish(request: PublicationRequest): Promise<PublicationAnswer>;
  close(): Promise<void>;
}

/**
 * On the embedded engine through the node that runs on the store; where none does, into the store itself, which keeps a node from
 * starting meanwhile. `engine` is the Kafka and DynamoDB that the workspace runs on; absent, it runs on the embedded engine.
 *
 * @throws {PipelineError} `STORE_IN_USE`, `STORE_UNAVAILABLE`.
 */
export type OpenPublishing = (loaded: LoadedWorkspace, engine?: KafkaDynamoDbEngine) => Promise<Publishing>;
