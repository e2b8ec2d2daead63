import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KafkaConnection } from '../../shared/adapters/kafka/connect.ts';
import { type KafkaStream, kafkaStream } from '../../shared/adapters/kafka/stream.ts';
import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { SecretRef } from '../../shared/definitions/secret-ref.ts';
import type { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { Log } from '../../shared/ports/log.ts';
import { connectTable } from './connect-table.ts';
import { kafkaConnectionOf } from './kafka-connection.ts';

export interface FootingSettings {
  /** With what the environment overrides, see `engineIn`. */
  readonly engine: KafkaDynamoDbEngine;
  readonly resolveSecret: (ref: SecretRef) => string;
  readonly log: Log;
  /** What the broker's logs call us. */
  readonly clientId: string;
  /** A client of one's own, e.g. one with faults. */
  readonly dynamoDb?: DynamoDBClient;
  /** Hears of a consumer that ended by itself, since trying again is senseless. Logged in any case. */
  readonly onGivenUp?: (error: PipelineError) => void;
}

/** What every stage stands on: the stream, and the client and the table of the stores. */
export interface Footing {
  readonly stream: KafkaStream;
  /** How the cluster is reached: for questions beside the stream. */
  readonly connection: KafkaConnection;
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Stops every consumer after the batch in hand, and ends all connections. */
  close(): Promise<void>;
}

/**
 * Opens the stream and the client. Nothing is connected before it is used; topics and table must exist.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, naming the secret or setting that is missing.
 */
export const openFooting = (settings: FootingSettings): Footing => {
  const { engine, onGivenUp } = settings;
  const { table } = engine.dynamodb;
  const client = settings.dynamoDb ?? connectTable(engine.dynamodb);
  const connection = kafkaConnectionOf(engine.kafka, { ...settings, credentials: client.config.credentials });
  const stream = kafkaStream({ ...connection, ...(onGivenUp === undefined ? {} : { onGivenUp }) });
  return {
    stream,
    connection,
    client,
    table,
    close: async () => {
      await stream.close();
      client.destroy();
    },
  };
};
