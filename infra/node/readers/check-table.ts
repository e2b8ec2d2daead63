import {
  DescribeTableCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { PipelineError } from '../../../shared/domain/pipeline-error.ts';

/**
 * What DynamoDB says of a table.
 *
 * @throws {PipelineError} `CONFIG_INVALID` where there is no such table, or these credentials may not ask; `STORE_UNAVAILABLE`.
 * The client is destroyed then.
 */
export const checkTable = async (client: DynamoDBClient, name: string): Promise<TableDescription | undefined> => {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (cause) {
    client.destroy();
    if (cause instanceof ResourceNotFoundException)
      throw new PipelineError('CONFIG_INVALID', `there is no DynamoDB table ${name}: run regrade setup`, {
        retryable: false,
        cause,
      });
    if (isRefusal(cause))
      throw new PipelineError('CONFIG_INVALID', `AWS refuses table ${name} to these credentials: ${cause.message}`, {
        retryable: false,
        cause,
      });
    throw new PipelineError('STORE_UNAVAILABLE', `DynamoDB does not answer for table ${name}`, {
      retryable: true,
      cause,
    });
  }
};

/** No credentials were found, or they are not allowed to. */
export const isRefusal = (cause: unknown): cause is Error =>
  cause instanceof Error &&
  (cause.name === 'CredentialsProviderError' ||
    (cause instanceof DynamoDBServiceException && refusals.has(cause.name)));

const refusals = new Set([
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
]);
