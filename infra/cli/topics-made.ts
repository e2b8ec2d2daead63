import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { Topic } from '../../shared/definitions/topics.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';

export interface TopicsMade {
  /** Their names on the cluster. */
  readonly made: readonly string[];
  /** What is otherwise than the engine's settings say. `what`: `partitions`, `replicas`, or the cluster's name of a configuration. */
  readonly differing: readonly {
    readonly topic: Topic;
    readonly what: string;
    readonly is: string;
    readonly wanted: string;
  }[];
}

/**
 * Makes the topics that are missing; those that are there stay as they are.
 *
 * @throws {PipelineError} `STREAM_UNAVAILABLE`, `CONFIG_INVALID`.
 */
export type MakeTopics = (loaded: LoadedWorkspace, engine: KafkaDynamoDbEngine) => Promise<TopicsMade>;
