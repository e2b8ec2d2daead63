import { topics } from '../../definitions/topics.ts';
import type { KafkaConnection } from './connect.ts';
import { untilServed } from './until-served.ts';
import { withAdmin } from './with-admin.ts';

export interface TopicSettings {
  /** Bounds how many workers can share a topic. Not to be changed later: keys would move. */
  readonly partitions: number;
  /** With three or more, an append is acknowledged only when two brokers have it. */
  readonly replicationFactor: number;
  /** How long records are kept, in milliseconds. The cluster's own default when absent. */
  readonly retentionMs?: number;
}

/**
 * Creates the topics that do not exist yet, stamped by the log, and waits until they are served; returns their names. Existing ones stay as they are.
 *
 * @throws {PipelineError} `STREAM_UNAVAILABLE`, retryable; `CONFIG_INVALID` where the cluster refuses us.
 */
export const createTopics = async (
  connection: KafkaConnection,
  { partitions, replicationFactor, retentionMs }: TopicSettings,
): Promise<readonly string[]> =>
  withAdmin(connection, 'could not create the topics', async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = Object.values(topics)
      .map((topic) => `${connection.prefix ?? ''}${topic}`)
      .filter((topic) => !existing.has(topic));
    const configEntries = [
      { name: 'message.timestamp.type', value: 'LogAppendTime' },
      ...(replicationFactor >= 3 ? [{ name: 'min.insync.replicas', value: '2' }] : []),
      ...(retentionMs === undefined ? [] : [{ name: 'retention.ms', value: String(retentionMs) }]),
    ];
    if (missing.length > 0)
      await admin.createTopics({
        waitForLeaders: false,
        topics: missing.map((topic) => ({ topic, numPartitions: partitions, replicationFactor, configEntries })),
      });
    for (const topic of missing) await untilServed(admin, topic);
    return missing;
  });
