import { setTimeout as pause } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { PipelineError } from '../../../domain/pipeline-error.ts';

export type Item = Record<string, AttributeValue>;

/** A client, the table it works on, and how to wait between attempts. */
export interface Table {
  readonly client: DynamoDBClient;
  readonly name: string;
  readonly pause: (ms: number) => Promise<void>;
}

/** A table as every store works on it. */
export const openTable = (client: DynamoDBClient, name: string): Table => ({ client, name, pause: (ms) => pause(ms) });

/** DynamoDB's own limits of one request. */
const keysPerGet = 100;
const itemsPerWrite = 25;
/** How often what DynamoDB left over is asked for again; the pause doubles from 50 ms. */
const mostAttempts = 8;

/** Translates what the service says, once: every failure of it may pass. */
export const answered = async <T>(what: string, request: () => Promise<T>): Promise<T> => {
  try {
    return await request();
  } catch (cause) {
    if (cause instanceof PipelineError) throw cause;
    throw new PipelineError('STORE_UNAVAILABLE', `could not ${what}`, { retryable: true, cause });
  }
};

/** Strongly consistent, a hundred keys a request. Items that do not exist are left out; the keys must differ. */
export const getAll = async (table: Table, keys: readonly Item[]): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for (let from = 0; from < keys.length; from += keysPerGet) {
    await repeated(keys.slice(from, from + keysPerGet), table, async (left) => {
      const request = { RequestItems: { [table.name]: { Keys: [...left], ConsistentRead: true } } };
      const answer = await answered('read items', () => table.client.send(new BatchGetItemCommand(request)));
      items.push(...(answer.Responses?.[table.name] ?? []));
      return answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
    });
  }
  return items;
};

/** Puts without a condition, twenty-five a request. */
export const putAll = (table: Table, items: readonly Item[]): Promise<void> =>
  writeAll(
    table,
    items.map((Item) => ({ PutRequest: { Item } })),
  );

/** Puts and deletes without a condition, twenty-five a request, in no order; the keys must differ. */
export const writeAll = async (table: Table, requests: readonly WriteRequest[]): Promise<void> => {
  for (let from = 0; from < requests.length; from += itemsPerWrite) {
    await repeated(requests.slice(from, from + itemsPerWrite), table, async (left) => {
      const request = { RequestItems: { [table.name]: [...left] } };
      const answer = await answered('write items', () => table.client.send(new BatchWriteItemCommand(request)));
      return answer.UnprocessedItems?.[table.name] ?? [];
    });
  }
};

const repeated = async <T>(
  wanted: readonly T[],
  { pause: wait }: Table,
  attempt: (left: readonly T[]) => Promise<readonly T[]>,
): Promise<void> => {
  let left = wanted;
  for (let attempts = 0; left.length > 0; attempts += 1) {
    if (attempts === mostAttempts)
      throw new PipelineError('STORE_UNAVAILABLE', 'the table is throttled', { retryable: true });
    if (attempts > 0) await wait(50 * 2 ** (attempts - 1));
    left = await attempt(left);
  }
};

/** All pages of a query, up to `most` items. */
export const queryAll = async (
  { client, name }: Table,
  query: Omit<QueryCommandInput, 'TableName'>,
  most = Number.POSITIVE_INFINITY,
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = { ...query, TableName: name, ...(from === undefined ? {} : { ExclusiveStartKey: from }) };
    const answer = await answered('query items', () => client.send(new QueryCommand(page)));
    items.push(...(answer.Items ?? []));
    from = answer.LastEvaluatedKey;
  } while (from !== undefined && items.length < most);
  return items;
};

/** Runs them side by side, at most `width` at a time; results in order. */
export const sideBySide = async <T, R>(
  inputs: readonly T[],
  width: number,
  work: (input: T) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = [];
  for (let from = 0; from < inputs.length; from += width)
    results.push(...(await Promise.all(inputs.slice(from, from + width).map(work))));
  return results;
};
