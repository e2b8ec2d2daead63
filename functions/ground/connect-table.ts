import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { connectDynamoDb } from '../../shared/adapters/dynamodb/table/connect.ts';
import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';

/** A client for the table that the engine names. */
export const connectTable = ({ region, endpoint }: KafkaDynamoDbEngine['dynamodb']): DynamoDBClient =>
  connectDynamoDb({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
