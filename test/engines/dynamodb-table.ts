import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll } from 'vitest';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';
import { createTable } from '#shared/adapters/dynamodb/table/create-table.ts';
import { engineAddress } from './engine-address.ts';

/** A further client of the engine under test; destroyed when the test file ends. */
export const freshClient = (): DynamoDBClient => {
  const opened = connectDynamoDb({ endpoint: engineAddress('DYNAMODB_ENDPOINT') });
  afterAll(() => opened.destroy());
  return opened;
};

/** The client of this test file. */
export const client: DynamoDBClient = freshClient();

const run = randomUUID().slice(0, 8);
let opened = 0;

/** An empty table of its own: DynamoDB Local may outlive the test. */
export const freshTable = async (): Promise<string> => {
  opened += 1;
  const name = `regrade-${run}-${opened}`;
  await createTable(client, name);
  return name;
};
