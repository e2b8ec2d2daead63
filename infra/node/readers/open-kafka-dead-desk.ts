import { kafkaDeadLetters } from '../../../shared/adapters/kafka/dead-letters.ts';
import type { KafkaDynamoDbEngine } from '../../../shared/definitions/engine.ts';
import type { DeadDesk } from '../../cli/dead-desk.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { brokersAnswer } from './brokers-answer.ts';
import { connectForCommand } from './connect-for-command.ts';
import { openKafkaSending } from './open-kafka-sending.ts';

/** Reads and writes the topics themselves, where the brokers can be reached: workers need not be asked. */
export const openKafkaDeadDesk = async (loaded: LoadedWorkspace, engine: KafkaDynamoDbEngine): Promise<DeadDesk> => {
  const { client, kafka } = connectForCommand(loaded, engine);
  return {
    canRead: () => brokersAnswer(kafka, engine),
    letters: {
      read: async function* () {
        yield* kafkaDeadLetters(await kafka()).read();
      },
    },
    prefix: engine.kafka.prefix,
    businessNow: Date.now,
    openSending: (way) => openKafkaSending({ loaded, engine, client, kafka }, way),
    close: async () => client.destroy(),
  };
};
