import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { table } from '../../../definitions/table.ts';
import type { CustomerStore } from '../../../ports/customer-store.ts';
import { updateIf } from '../table/conditions.ts';
import { getAll, type Item, openTable, sideBySide, type Table } from '../table/requests.ts';
import { commitCustomers } from './commit-customers.ts';
import { customerMemory } from './customer-memory.ts';
import { readEntries } from './ledger-items.ts';
import { listCustomers } from './list-customers.ts';
import { loadCustomers } from './load-customers.ts';
import { claimDue, findUnpublished } from './state-index.ts';
import { customerPartition, stateKey, stateOfItem } from './state-item.ts';

export interface CustomerStoreOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Milliseconds since 1970: tells the audit how old what it finds is. */
  readonly wallNow?: () => number;
  /** About so much memory is spent on customers with many records, so that they need not be read and packed again. */
  readonly memoryBytes?: number;
}

/** Requests in flight of one call. */
const width = 25;

/**
 * Customers and their ledger in one DynamoDB table (`definitions/table.ts`). Entries and chunks are written ahead; one
 * conditional put of the STATE decides.
 */
export const dynamoDbCustomerStore = (options: CustomerStoreOptions): CustomerStore => {
  const { wallNow = Date.now, memoryBytes = 64 * 2 ** 20 } = options;
  const store = openTable(options.client, options.table);
  const ground = { store, memory: customerMemory(memoryBytes), wallNow };
  return {
    findAll: async (tenant, customers) => {
      const loaded = await loadCustomers(ground, tenant, customers);
      return new Map([...loaded].map(([customer, { state }]) => [customer, state]));
    },
    commitAll: (commits) => commitCustomers(ground, commits),
    markPublished: async (tenant, published) => {
      await sideBySide(published, width, ({ customer, version }) =>
        clearPending(store, stateKey(tenant, customer), version),
      );
    },
    findUnpublished: (tenant, before, limit) => findUnpublished(store, tenant, before, limit),
    claimDue: (tenant, now, limit) => claimDue(store, tenant, now, limit),
    listCustomers: (tenant, after, limit) => listCustomers(store, tenant, after, limit),
    readLedger: async (tenant, customer) => {
      const [item] = await getAll(store, [stateKey(tenant, customer)]);
      if (item === undefined) return [];
      return readEntries(store, customerPartition(tenant, customer), stateOfItem(item).state.ledger.hash);
    },
  };
};

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
