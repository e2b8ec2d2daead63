import type { KafkaDynamoDbEngine } from '../../../shared/definitions/engine.ts';
import type { Finding } from '../../cli/checkup.ts';
import { connectForCommand } from '../readers/connect-for-command.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { checkBrokers } from './check-brokers.ts';
import { checkTables } from './check-tables.ts';

/** Kafka and DynamoDB: each is looked at whatever is wrong with the other. */
export async function* checkCluster(
  loaded: LoadedWorkspace,
  engine: KafkaDynamoDbEngine,
): AsyncGenerator<Finding, void, undefined> {
  const { client, kafka } = connectForCommand(loaded, engine);
  try {
    yield* checkTables({ loaded, client, table: engine.dynamodb.table });
    yield* checkBrokers(kafka, { ...engine.kafka, ...loaded.topics });
  } finally {
    client.destroy();
  }
}
