import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { kafkaConnectionOf } from '../../../functions/ground/kafka-connection.ts';
import { connectDynamoDb } from '../../../shared/adapters/dynamodb/table/connect.ts';
import type { KafkaConnection } from '../../../shared/adapters/kafka/connect.ts';
import type { KafkaDynamoDbEngine } from '../../../shared/definitions/engine.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { resolveSecret } from '../../../shared/runtime/secrets.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { engineEnvironment } from './engine-secrets.ts';

export interface CommandConnections {
  readonly client: DynamoDBClient;
  /**
   * How the brokers are reached. Asks for their secrets first, where AWS keeps them: a command that reads the table alone does
   * without. Nothing is connected yet.
   *
   * @throws {PipelineError} `CONFIG_INVALID`, naming what is missing.
   */
  kafka(): Promise<KafkaConnection>;
}

/**
 * How a command reaches Kafka and DynamoDB. What fails is told by the error: the clients' own logs would stand between the lines
 * a script reads.
 */
export const connectForCommand = (
  loaded: LoadedWorkspace,
  { kafka, dynamodb: { region, endpoint } }: KafkaDynamoDbEngine,
): CommandConnections => {
  const client = connectDynamoDb({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  const connect = async (): Promise<KafkaConnection> => {
    const environment = await engineEnvironment(loaded, kafka);
    return kafkaConnectionOf(kafka, {
      clientId: 'regrade-cli',
      log: createLogger('regrade', { level: 'silent' }),
      credentials: client.config.credentials,
      resolveSecret: (ref) => resolveSecret(ref, { folder: loaded.folder, environment }),
    });
  };
  let connection: Promise<KafkaConnection> | undefined;
  return { client, kafka: () => (connection ??= connect()) };
};
