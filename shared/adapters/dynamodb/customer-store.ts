import { type DynamoDBClient, PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import { table } from '../../definitions/table.ts';
import type { CustomerState } from '../../domain/customer-state.ts';
import { PipelineError } from '../../domain/pipeline-error.ts';
import type { CommitOutcome, CustomerCommit, CustomerStore } from '../../ports/customer-store.ts';
import { conditionally, updateIf } from './conditions.ts';
import { itemsOfEntry, readEntries } from './ledger-items.ts';
import { getAll, type Item, putAll, sideBySide, type Table } from './requests.ts';
import { claimDue, queryShards } from './state-index.ts';
import { itemOfState, stateKey, stateOfItem } from './state-item.ts';

/** Requests in flight of one call. */
const width = 25;
/** DynamoDB refuses items over 400 KB; the rest of a state is small beside its records. */
const mostRecordBytes = 380_000;

/**
 * Customers and their ledger in one DynamoDB table (`definitions/table.ts`). Entries are written ahead; one conditional put
 * of the state decides. A customer whose records take more than 380 KB packed is refused with `STORE_FULL`.
 */
export const dynamoDbCustomerStore = (options: {
  readonly client: DynamoDBClient;
  readonly table: string;
}): CustomerStore => {
  const store: Table = { client: options.client, name: options.table, pause };
  return {
    findAll: async (tenant, customers) => {
      const keys = [...new Set(customers)].map((customer) => stateKey(tenant, customer));
      const states = (await getAll(store, keys)).map(stateOfItem);
      return new Map(states.map((state) => [state.customer, state]));
    },
    commitAll: (commits) => commitAll(store, commits),
    markPublished: async (tenant, published) => {
      await sideBySide(published, width, ({ customer, version }) =>
        clearPending(store, stateKey(tenant, customer), version),
      );
    },
    findUnpublished: async (tenant, before, limit) => {
      const found = await queryShards(store, tenant, { index: table.indexes.unpublished, until: before - 1, limit });
      return found.map(({ customer }) => customer);
    },
    claimDue: (tenant, now, limit) => claimDue(store, tenant, now, limit),
    readLedger: async (tenant, customer) => {
      const [item] = await getAll(store, [stateKey(tenant, customer)]);
      if (item === undefined) return [];
      return readEntries(store, tenant, { customer, head: stateOfItem(item).ledger.hash });
    },
  };
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const commitAll = async (store: Table, commits: readonly CustomerCommit[]): Promise<readonly CommitOutcome[]> => {
  await putAll(
    store,
    commits.flatMap(({ next, entries }) => entries.flatMap((entry) => itemsOfEntry(next.tenant, next.customer, entry))),
  );
  return sideBySide(commits, width, ({ next }) => putState(store, next));
};

const putState = async ({ client, name }: Table, next: CustomerState): Promise<CommitOutcome> => {
  const item = itemOfState(next);
  if ((item['records']?.B?.length ?? 0) > mostRecordBytes)
    throw new PipelineError('STORE_FULL', `${next.customer} has more facts than one item holds`, { retryable: false });
  const request: PutItemCommandInput = {
    TableName: name,
    Item: item,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...(next.version === 1
      ? { ConditionExpression: 'attribute_not_exists(#key)', ExpressionAttributeNames: { '#key': table.partitionKey } }
      : {
          ConditionExpression: '#version = :read',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':read': { N: String(next.version - 1) } },
        }),
  };
  const refused = await conditionally('put a customer', () => client.send(new PutItemCommand(request)));
  // an answer that got lost is asked for again by the client: then what stands there is our own
  return refused === undefined || isSameItem(refused.Item, item) ? { outcome: 'committed' } : { outcome: 'lost' };
};

/** Equal but for what a claim moves. */
const isSameItem = (stored: Item | undefined, item: Item): boolean => {
  const names = Object.keys(item).filter((name) => name !== table.indexes.due.sortKey);
  return stored !== undefined && names.every((name) => textOf(stored[name]) === textOf(item[name]));
};

const textOf = (value: Item[string] | undefined): string =>
  value?.B === undefined ? JSON.stringify(value ?? null) : Buffer.from(value.B).toString('base64');

const clearPending = async (store: Table, key: Item, version: number): Promise<void> => {
  const { partitionKey, sortKey } = table.indexes.unpublished;
  await updateIf(store, key, {
    UpdateExpression: 'REMOVE #pending, #shard, #since',
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: {
      '#pending': 'pending',
      '#shard': partitionKey,
      '#since': sortKey,
      '#version': 'version',
    },
    ExpressionAttributeValues: { ':version': { N: String(version) } },
  });
};
