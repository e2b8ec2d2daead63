import {
  CreateTableCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { table } from '../../../definitions/table.ts';
import { answered } from './requests.ts';

/**
 * Creates the table and waits until it can be used: for a cluster of one's own or a test. On AWS the stack does this.
 *
 * @throws {PipelineError} `STORE_UNAVAILABLE`, retryable.
 */
export const createTable = async (client: DynamoDBClient, name: string): Promise<void> => {
  const { due, unpublished } = table.indexes;
  const indexOf = (index: typeof due | typeof unpublished) => ({
    IndexName: index.name,
    KeySchema: [
      { AttributeName: index.partitionKey, KeyType: 'HASH' as const },
      { AttributeName: index.sortKey, KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'KEYS_ONLY' as const },
  });
  const command = new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: table.partitionKey, KeyType: 'HASH' },
      { AttributeName: table.sortKey, KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      ...[table.partitionKey, table.sortKey, due.partitionKey, unpublished.partitionKey].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      ...[due.sortKey, unpublished.sortKey].map((AttributeName) => ({ AttributeName, AttributeType: 'N' as const })),
    ],
    GlobalSecondaryIndexes: [indexOf(due), indexOf(unpublished)],
  });
  await answered('create the table', async () => {
    await repeatably(() => client.send(command));
    await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: name });
    const TimeToLiveSpecification = { AttributeName: table.timeToLive, Enabled: true };
    await repeatably(() => client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification })));
  });
};

/** An answer that got lost is asked for again by the client: what stands in the way then is what the first attempt did. */
const repeatably = async (request: () => Promise<unknown>): Promise<void> => {
  try {
    await request();
  } catch (error) {
    const isAgain = error instanceof DynamoDBServiceException && (error.$metadata.attempts ?? 1) > 1;
    if (!isAgain || !['ResourceInUseException', 'ValidationException'].includes(error.name)) throw error;
  }
};
