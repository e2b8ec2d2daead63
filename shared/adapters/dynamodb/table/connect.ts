import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface DynamoDbConnection {
  /** The SDK's own sources (environment, profile) where it is absent. */
  readonly region?: string;
  /** DynamoDB Local or a private endpoint. */
  readonly endpoint?: string;
}

/**
 * A client with bounded waits. Credentials come from the SDK's own chain; a loopback endpoint, which asks for none, gets some
 * that mean nothing.
 */
export const connectDynamoDb = ({ region, endpoint }: DynamoDbConnection): DynamoDBClient =>
  new DynamoDBClient({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(isLoopback(endpoint)
      ? { region: region ?? 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
      : {}),
    maxAttempts: 4,
    // without the last word a request that is late is only complained about
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });

const isLoopback = (endpoint: string | undefined): boolean =>
  endpoint !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
