import { kafkaStream } from '../../../shared/adapters/kafka/stream.ts';
import type { KafkaDynamoDbEngine } from '../../../shared/definitions/engine.ts';
import type { EventDesk } from '../../cli/event-desk.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { connectForCommand } from './connect-for-command.ts';

export const openKafkaEventDesk = async (loaded: LoadedWorkspace, engine: KafkaDynamoDbEngine): Promise<EventDesk> => {
  const { client, connection } = connectForCommand(loaded, engine);
  const stream = kafkaStream(connection);
  return {
    stream,
    businessNow: Date.now,
    close: async () => {
      await stream.close();
      client.destroy();
    },
  };
};
