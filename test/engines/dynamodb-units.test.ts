import {
  BatchGetItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { measureGrading } from '../bench/grading-cost.ts';
import { measureRanking } from '../bench/ranking-cost.ts';
import { countUnits } from '../kit/aws-units.ts';
import { freshClient, freshTable } from './dynamodb-table.ts';
import { engineAddress } from './engine-address.ts';

const keyOf = (sk: string) => ({ pk: { S: 'p' }, sk: { S: sk } });
const bytes = (length: number) => ({ B: new Uint8Array(length) });
const due = (at: number) => ({ dueShard: { S: 'd' }, claimableAt: { N: String(at) } });

describe('counting what calls cost', () => {
  it('charges a write by the larger of what was and what comes, and indexes by entries that come, go and move', async () => {
    const client = freshClient();
    const TableName = await freshTable();
    const units = countUnits(client);
    const spent = () => {
      const { writeUnits } = units.read();
      units.reset();
      return writeUnits;
    };
    await client.send(new PutItemCommand({ TableName, Item: { ...keyOf('A#1'), ...due(1), body: bytes(2_500) } }));
    expect(spent()).toEqual({ A: 3, 'index due': 1 });
    await client.send(new PutItemCommand({ TableName, Item: { ...keyOf('A#1'), ...due(2) } }));
    expect(spent()).toEqual({ A: 3, 'index due': 2 });
    const change = { TableName, Key: keyOf('A#1'), ExpressionAttributeNames: { '#at': 'claimableAt' } };
    const values = { ':one': { N: '1' } };
    await client.send(
      new UpdateItemCommand({ ...change, UpdateExpression: 'SET #at = #at + :one', ExpressionAttributeValues: values }),
    );
    expect(spent()).toEqual({ A: 1, 'index due': 2 });
    await client.send(new UpdateItemCommand({ ...change, UpdateExpression: 'SET n = if_not_exists(n, #at)' }));
    expect(spent()).toEqual({ A: 1 });
    await client.send(new UpdateItemCommand({ ...change, UpdateExpression: 'REMOVE #at, dueShard' }));
    expect(spent()).toEqual({ A: 1, 'index due': 1 });
    const refused = { TableName, Item: keyOf('A#1'), ConditionExpression: 'attribute_not_exists(pk)' };
    await expect(client.send(new PutItemCommand(refused))).rejects.toThrow();
    expect(spent()).toEqual({ A: 1 });
    const put = { Put: { TableName, Item: { ...keyOf('B'), body: bytes(1_500) } } };
    await client.send(new TransactWriteItemsCommand({ TransactItems: [put] }));
    expect(spent()).toEqual({ B: 4 });
    await client.send(new DeleteItemCommand({ TableName, Key: keyOf('B') }));
    expect(spent()).toEqual({ B: 2 });
  });

  it('charges strong reads by 4 KB, each item of a batch by itself, and eventual ones by half', async () => {
    const client = freshClient();
    const TableName = await freshTable();
    const units = countUnits(client);
    for (const sk of ['A', 'B'])
      await client.send(new PutItemCommand({ TableName, Item: { ...keyOf(sk), body: bytes(5_000) } }));
    units.reset();
    const Keys = ['A', 'B', 'none'].map(keyOf);
    await client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }));
    expect(units.read()).toEqual({ requests: 1, readUnits: 5, writeUnits: {} });
    units.reset();
    const query = { TableName, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'p' } } };
    await client.send(new QueryCommand(query));
    // 10 KB together
    expect(units.read().readUnits).toBe(1.5);
  });
});

describe('grading a batch of a hundred events on DynamoDB', () => {
  it.each([
    { facts: 1, mostStateUnits: 2 },
    { facts: 10, mostStateUnits: 2 },
    { facts: 100, mostStateUnits: 2.5 },
  ])(
    'costs at most 1.2 requests and $mostStateUnits units an event, with $facts facts',
    async ({ facts, mostStateUnits }) => {
      const size = { facts, customers: 100, batch: 100, batches: 2 };
      const { ours, naive } = await measureGrading({
        endpoint: engineAddress('DYNAMODB_ENDPOINT'),
        table: await freshTable(),
        ...size,
      });
      expect(ours.recordsOut).toBe(0.05);
      expect(ours.requests).toBeLessThanOrEqual(1.2);
      expect(ours.stateUnits).toBeLessThanOrEqual(mostStateUnits);
      expect(ours.changeUnits).toBeLessThanOrEqual(4);
      expect(naive?.writeUnits).toBeGreaterThan(ours.stateUnits);
    },
  );
});

describe('moving 500 rank keys of a cohort on DynamoDB', () => {
  it('costs three write units a key and a twentieth for the head, and looks at rows next to the cuts alone', async () => {
    const cost = await measureRanking({
      endpoint: engineAddress('DYNAMODB_ENDPOINT'),
      table: await freshTable(),
      ...{ members: 1_500, batch: 500, batches: 2 },
    });
    expect(cost.rowUnits).toBeLessThanOrEqual(3.01);
    expect(cost.headUnits).toBeLessThanOrEqual(0.06);
    expect(cost.requests).toBeLessThanOrEqual(1.2);
    expect(cost.rowsRead).toBeLessThanOrEqual(100);
  }, 120_000);
});
