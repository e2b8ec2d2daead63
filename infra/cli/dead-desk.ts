import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { Instant } from '../../shared/domain/instant.ts';
import type { DeadLetters } from '../../shared/ports/dead-letters.ts';
import type { Stream } from '../../shared/ports/stream.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';

/** The dead letters of what a workspace runs on. */
export interface DeadDesk {
  /** False where the brokers do not answer from here: `letters` cannot be read then. */
  canRead(): Promise<boolean>;
  readonly letters: DeadLetters;
  /** Stands before the names of topics on the cluster. */
  readonly prefix: string;
  businessNow(): Instant;
  /**
   * Opens the way for letters to be sent again. On the embedded engine through the node that runs on the store; where none
   * does, into the store itself, which keeps a node from starting meanwhile.
   *
   * @throws {PipelineError} `STORE_IN_USE`, `STORE_UNAVAILABLE`.
   */
  openSending(way?: Way): Promise<Sending>;
  close(): Promise<void>;
}

/**
 * How what is sent gets onto its topic: to the brokers, or by way of the table, out of which the clock takes it. Where it is not
 * said, the table is for brokers that do not answer. Means nothing on the embedded engine.
 */
export type Way = 'stream' | 'table';

export interface Sending {
  /** True where what was appended waits in the table until the clock takes it to its topic, within about a minute. */
  readonly waits: boolean;
  /** What was appended is durable when it resolves. */
  readonly stream: Pick<Stream, 'append'>;
  close(): Promise<void>;
}

/** `engine` is the Kafka and DynamoDB that the workspace runs on; absent, it runs on the embedded engine. */
export type OpenDeadDesk = (loaded: LoadedWorkspace, engine?: KafkaDynamoDbEngine) => Promise<DeadDesk>;
