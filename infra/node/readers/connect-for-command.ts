import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { kafkaConnectionOf } from '../../../functions/ground/kafka-connection.ts';
import { connectDynamoDb } from '../../../shared/adapters/dynamodb/table/connect.ts';
import type { KafkaConnection } from '../../../shared/adapters/kafka/connect.ts';
import type { KafkaDynamoDbEngine } from '../../../shared/definitions/engine.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { resolveSecret } from '../../../shared/runtime/secrets.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';

/**
 * How a command reaches Kafka and DynamoDB. Nothing is connected yet. What fails is told by the error: the clients' own logs
 * would stand between the lines a script reads.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, naming what is missing.
 */
export const connectForCommand = (
  loaded: LoadedWorkspace,
  { kafka, dynamodb: { region, endpoint } }: KafkaDynamoDbEngine,
): { readonly client: DynamoDBClient; readonly connection: KafkaConnection } => {
  const client = connectDynamoDb({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  const connection = kafkaConnectionOf(kafka, {
    clientId: 'regrade-cli',
    log: createLogger('regrade', { level: 'silent' }),
    credentials: client.config.credentials,
    resolveSecret: (ref) => resolveSecret(ref, { folder: loaded.folder }),
  });
  return { client, connection };
};
