import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { table as layout } from '#shared/definitions/table.ts';

/** A record of a customer, as an event brings it. */
export interface NaiveEvent {
  readonly id: string;
  readonly customer: string;
  readonly record: string;
  readonly content: unknown;
  readonly grade: string;
}

interface NaiveCustomer {
  readonly version: number;
  readonly grade: string;
  readonly records: Readonly<Record<string, unknown>>;
}

/**
 * What one would write first: a customer is one item of JSON, read and written with every event in one transaction with a mark
 * that the event was seen and, where the grade changes, an entry and a message to send.
 */
export const naiveGrading = ({ client, table }: { readonly client: DynamoDBClient; readonly table: string }) => {
  const keyOf = (customer: string, sort: string) => ({
    [layout.partitionKey]: { S: `naive#${customer}` },
    [layout.sortKey]: { S: sort },
  });
  const read = async (customer: string): Promise<NaiveCustomer | undefined> => {
    const command = new GetItemCommand({ TableName: table, Key: keyOf(customer, 'NAIVE'), ConsistentRead: true });
    const json = (await client.send(command)).Item?.['json']?.S;
    return json === undefined ? undefined : (JSON.parse(json) as NaiveCustomer);
  };
  return {
    /** A customer with all these records. */
    seed: async (customer: string, records: NaiveCustomer['records']): Promise<void> => {
      const json = { S: JSON.stringify({ version: 0, grade: '', records }) };
      const Item = { ...keyOf(customer, 'NAIVE'), json, version: { N: '0' } };
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },
    /** True when the grade changed. */
    work: async ({ id, customer, record, content, grade }: NaiveEvent): Promise<boolean> => {
      const before = (await read(customer)) ?? { version: 0, grade: '', records: {} };
      const isChange = before.grade !== grade;
      const next = { version: before.version + 1, grade, records: { ...before.records, [record]: content } };
      const entry = { id, from: before.grade, to: grade, at: next.version };
      const itemOf = (sort: string, value: unknown) => ({
        ...keyOf(customer, sort),
        json: { S: JSON.stringify(value) },
      });
      const put = (sort: string, value: unknown) => ({ Put: { TableName: table, Item: itemOf(sort, value) } });
      const customerItem = {
        TableName: table,
        Item: { ...itemOf('NAIVE', next), version: { N: String(next.version) } },
        ConditionExpression: 'attribute_not_exists(version) OR version = :read',
        ExpressionAttributeValues: { ':read': { N: String(before.version) } },
      };
      await client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: customerItem },
            put(`SEEN#${id}`, id),
            ...(isChange ? [put(`ENTRY#${next.version}`, entry), put(`OUT#${id}`, entry)] : []),
          ],
        }),
      );
      return isChange;
    },
  };
};
