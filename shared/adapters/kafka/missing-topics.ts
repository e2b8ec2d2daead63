import { topics } from '../../definitions/topics.ts';
import type { KafkaConnection } from './connect.ts';
import { withAdmin } from './with-admin.ts';

/**
 * Names of our topics that the cluster does not have.
 *
 * @throws {PipelineError} `STREAM_UNAVAILABLE`, retryable, where nobody answers.
 */
export const missingTopics = (connection: KafkaConnection): Promise<readonly string[]> =>
  withAdmin(connection, 'could not list the topics', async (admin) => {
    const existing = new Set(await admin.listTopics());
    return Object.values(topics)
      .map((topic) => `${connection.prefix ?? ''}${topic}`)
      .filter((topic) => !existing.has(topic));
  });
