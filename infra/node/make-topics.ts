import { createTopics } from '../../shared/adapters/kafka/create-topics.ts';
import { describeTopics, topicDifferences } from '../../shared/adapters/kafka/describe-topics.ts';
import type { MakeTopics } from '../cli/topics-made.ts';
import { connectForCommand } from './readers/connect-for-command.ts';

export const makeTopics: MakeTopics = async (loaded, engine) => {
  const { client, kafka } = connectForCommand(loaded, engine);
  try {
    const connection = await kafka();
    const settings = { ...engine.kafka, ...loaded.topics };
    const made = await createTopics(connection, settings);
    return { made, differing: topicDifferences(await describeTopics(connection), settings) };
  } finally {
    client.destroy();
  }
};
