import { ScanCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import type { CustomerId, TenantId } from '../../../domain/ids.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import type { CustomerPage } from '../../../ports/customer-store.ts';
import { keyOf } from '../table/keys.ts';
import { answered, type Item, type Table } from '../table/requests.ts';
import { customerOfKey, customersPrefix, stateSortKey } from './state-item.ts';

/** A walk over the table: it reads every item, also those of other kinds. Nothing but reviews of everyone and audits does this. */
export const listCustomers = async (
  store: Table,
  tenant: TenantId,
  after: string | undefined,
  limit: number,
): Promise<CustomerPage> => {
  const customers: CustomerId[] = [];
  let from = after === undefined ? undefined : readCursor(after);
  do {
    const page = await scanStates(store, tenant, { from, limit: limit - customers.length });
    customers.push(...page.items.map(customerOfKey));
    from = page.next;
    // towards the end of a page the scans would become ever smaller
  } while (from !== undefined && customers.length < limit / 2);
  return { customers, next: from === undefined ? undefined : cursorOf(from) };
};

const scanStates = async (
  { client, name }: Table,
  tenant: TenantId,
  { from, limit }: { readonly from: Item | undefined; readonly limit: number },
): Promise<{ readonly items: readonly Item[]; readonly next: Item | undefined }> => {
  const command = new ScanCommand({
    TableName: name,
    ProjectionExpression: '#pk',
    FilterExpression: '#sk = :state AND begins_with(#pk, :customers)',
    ExpressionAttributeNames: { '#pk': table.partitionKey, '#sk': table.sortKey },
    ExpressionAttributeValues: { ':state': { S: stateSortKey }, ':customers': { S: customersPrefix(tenant) } },
    // who asks everybody after something must not miss those who came just before it
    ConsistentRead: true,
    Limit: limit,
    ...(from === undefined ? {} : { ExclusiveStartKey: from }),
  });
  const { Items, LastEvaluatedKey } = await answered('list customers', () => client.send(command));
  return { items: Items ?? [], next: LastEvaluatedKey };
};

const Cursor = z.tuple([z.string(), z.string()]);

const cursorOf = ({ [table.partitionKey]: partition, [table.sortKey]: sort }: Item): string =>
  Buffer.from(JSON.stringify([partition?.S, sort?.S])).toString('base64url');

const readCursor = (text: string): Item => {
  try {
    return keyOf(...Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))));
  } catch (cause) {
    throw new PipelineError('CONFIG_INVALID', 'this is no place to go on listing from', { retryable: false, cause });
  }
};
