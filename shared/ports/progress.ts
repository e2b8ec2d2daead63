import type { Group, Topic } from '../definitions/topics.ts';

/** Where a topic ended at one moment: by partition, the offset that its next record had. */
export type TopicMark = ReadonlyMap<number, number>;

/**
 * How far consumer groups are.
 *
 * Every method may throw {@link PipelineError} `STREAM_UNAVAILABLE`, retryable.
 */
export interface Progress {
  /** The end of a topic: everything that was appended before the call lies before it. */
  mark(topic: Topic): Promise<TopicMark>;
  /** True once a group has finished everything before a mark: what that led to is on the stream. */
  passed(topic: Topic, group: Group, mark: TopicMark): Promise<boolean>;
  /** Records that wait for a group. */
  unread(topic: Topic, group: Group): Promise<number>;
}
