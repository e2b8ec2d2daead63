import type { KafkaDynamoDbEngine } from '../../../shared/definitions/engine.ts';
import type { Way } from '../../cli/dead-desk.ts';
import type { EventDesk } from '../../cli/event-desk.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { connectForCommand } from './connect-for-command.ts';
import { openKafkaSending } from './open-kafka-sending.ts';

export const openKafkaEventDesk = async (
  loaded: LoadedWorkspace,
  engine: KafkaDynamoDbEngine,
  way: Way | undefined,
): Promise<EventDesk> => {
  const { client, kafka } = connectForCommand(loaded, engine);
  try {
    const { stream, waits, close } = await openKafkaSending({ loaded, engine, client, kafka }, way);
    const closeBoth = async (): Promise<void> => {
      await close();
      client.destroy();
    };
    return { stream, waits, businessNow: Date.now, close: closeBoth };
  } catch (error) {
    client.destroy();
    throw error;
  }
};
