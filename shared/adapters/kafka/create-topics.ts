import { type Topic, topics } from '../../definitions/topics.ts';
import type { KafkaConnection } from './connect.ts';
import { type TopicSettings, topicConfigs } from './topic-settings.ts';
import { untilServed } from './until-served.ts';
import { withAdmin } from './with-admin.ts';

/**
 * Creates the topics that do not exist yet, stamped by the log, and waits until they are served; returns their names. Existing ones stay as they are.
 *
 * @throws {PipelineError} `STREAM_UNAVAILABLE`, retryable; `CONFIG_INVALID` where the cluster refuses us.
 */
export const createTopics = async (connection: KafkaConnection, settings: TopicSettings): Promise<readonly string[]> =>
  withAdmin(connection, 'could not create the topics', async (admin) => {
    const existing = new Set(await admin.listTopics());
    const nameOf = (topic: Topic): string => `${connection.prefix ?? ''}${topic}`;
    const missing = Object.values(topics).filter((topic) => !existing.has(nameOf(topic)));
    const { partitions, replicationFactor } = settings;
    if (missing.length > 0)
      await admin.createTopics({
        waitForLeaders: false,
        topics: missing.map((topic) => ({
          ...{ topic: nameOf(topic), numPartitions: partitions, replicationFactor },
          configEntries: Object.entries(topicConfigs(topic, settings)).map(([name, value]) => ({ name, value })),
        })),
      });
    const made = missing.map(nameOf);
    for (const topic of made) await untilServed(admin, topic);
    return made;
  });
