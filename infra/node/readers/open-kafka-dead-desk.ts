import { kafkaDeadLetters } from '../../../shared/adapters/kafka/dead-letters.ts';
import { kafkaStream } from '../../../shared/adapters/kafka/stream.ts';
import type { KafkaDynamoDbEngine } from '../../../shared/definitions/engine.ts';
import type { DeadDesk } from '../../cli/dead-desk.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { connectForCommand } from './connect-for-command.ts';

/** Reads and writes the topics themselves: workers need not be asked. */
export const openKafkaDeadDesk = async (loaded: LoadedWorkspace, engine: KafkaDynamoDbEngine): Promise<DeadDesk> => {
  const { client, connection } = connectForCommand(loaded, engine);
  return {
    letters: kafkaDeadLetters(connection),
    prefix: engine.kafka.prefix,
    businessNow: Date.now,
    openSending: async () => {
      const stream = kafkaStream(connection);
      return { stream, close: () => stream.close() };
    },
    close: async () => client.destroy(),
  };
};
