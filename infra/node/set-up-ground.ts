import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { kafkaConnectionOf } from '../../functions/ground/kafka-connection.ts';
import { connectDynamoDb } from '../../shared/adapters/dynamodb/table/connect.ts';
import { createTable } from '../../shared/adapters/dynamodb/table/create-table.ts';
import { createTopics } from '../../shared/adapters/kafka/create-topics.ts';
import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { Log } from '../../shared/ports/log.ts';
import { resolveSecret } from '../../shared/runtime/secrets.ts';
import { engineEnvironment } from './readers/engine-secrets.ts';
import type { LoadedWorkspace } from './workspace/load-workspace.ts';

export interface SetUp {
  /** Names of the topics made now. */
  readonly topics: readonly string[];
  /** The table's name, where it was made now. */
  readonly table: string | undefined;
}

/**
 * Makes the topics and the table that are missing; what is there stays as it is.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, `STREAM_UNAVAILABLE`, `STORE_UNAVAILABLE`.
 */
export const setUpGround = async (loaded: LoadedWorkspace, engine: KafkaDynamoDbEngine, log: Log): Promise<SetUp> => {
  const { region, endpoint, table } = engine.dynamodb;
  const client = connectDynamoDb({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  try {
    const environment = await engineEnvironment(loaded, engine.kafka);
    const connection = kafkaConnectionOf(engine.kafka, {
      clientId: 'regrade-setup',
      log,
      credentials: client.config.credentials,
      resolveSecret: (ref) => resolveSecret(ref, { folder: loaded.folder, environment }),
    });
    const topics = await createTopics(connection, { ...engine.kafka, ...loaded.topics });
    const exists = await client.send(new DescribeTableCommand({ TableName: table })).then(
      () => true,
      (error: unknown) => {
        if (error instanceof ResourceNotFoundException) return false;
        throw error;
      },
    );
    if (!exists) await createTable(client, table);
    return { topics, table: exists ? undefined : table };
  } finally {
    client.destroy();
  }
};
