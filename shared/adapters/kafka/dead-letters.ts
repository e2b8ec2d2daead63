import { topics } from '../../definitions/topics.ts';
import type { DeadLetters } from '../../ports/dead-letters.ts';
import type { KafkaConnection } from './connect.ts';
import { readTopic } from './read-topic.ts';

/** The dead letters on a Kafka cluster. */
export const kafkaDeadLetters = (connection: KafkaConnection): DeadLetters => ({
  read: () => readTopic(connection, topics.dead),
});
