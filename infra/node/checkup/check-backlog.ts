import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbCustomerStore } from '../../../shared/adapters/dynamodb/customers/customer-store.ts';
import { dynamoDbRecordStore } from '../../../shared/adapters/dynamodb/records/record-store.ts';
import { dynamoDbRelay } from '../../../shared/adapters/dynamodb/relay.ts';
import { dynamoDbSpill } from '../../../shared/adapters/dynamodb/spill.ts';
import { keysInIndex } from '../../../shared/adapters/dynamodb/table/index-keys.ts';
import { shardsOf } from '../../../shared/adapters/dynamodb/table/keys.ts';
import { openTable } from '../../../shared/adapters/dynamodb/table/requests.ts';
import { limits } from '../../../shared/definitions/limits.ts';
import { table as definition } from '../../../shared/definitions/table.ts';
import type { TenantId } from '../../../shared/domain/ids.ts';
import type { Finding } from '../../cli/checkup.ts';
import { finding } from './finding.ts';

/** More are not counted. */
const most = 1_000;

/** Work that stands still for longer than any claim of it lasts is nobody's: the clock does not run, or fails. */
const patienceMs = 2 * limits.dueClaimMs;

/** What waits in the table for the clock: due customers, lists to be published, the spill and the relay. */
export const checkBacklog = async (client: DynamoDBClient, table: string, tenant: TenantId): Promise<Finding> => {
  const [now, uuid] = [Date.now(), randomUUID];
  const before = now - patienceMs;
  const shards = [...shardsOf('customer', tenant), ...shardsOf('action', tenant)];
  const [due, customers, records, spilled, relayed] = await Promise.all([
    keysInIndex(openTable(client, table), definition.indexes.due, { shards, until: before, limit: most }),
    dynamoDbCustomerStore({ client, table }).findUnpublished(tenant, before, most),
    dynamoDbRecordStore({ client, table }).findUnpublished(tenant, before, most),
    dynamoDbSpill({ client, table, tenant, uuid }).count(),
    dynamoDbRelay({ client, table, tenant, uuid }).count(),
  ]);
  const unpublished = customers.length + records.length;
  const waiting = sum(spilled.values()) + sum(relayed.values());
  const says = [due.length, unpublished, waiting].map(String);
  if (due.length + unpublished > 0) return finding('backlog:stuck', ...says);
  return waiting > 0 ? finding('backlog:waits', ...says) : finding('backlog:none');
};

const sum = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0);
