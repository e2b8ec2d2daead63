import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';
import { createTable } from '#shared/adapters/dynamodb/table/create-table.ts';
import { startDynamoDb } from '../engines/dynamodb-local.ts';
import type { Answer, Row } from './answer.ts';
import type { Bench } from './bench.ts';
import { type GradingCost, measureGrading } from './grading-cost.ts';

interface Workload {
  readonly facts: number;
  readonly customers: number;
  /** Events of one batch. */
  readonly batch: number;
  readonly batches: number;
  /** Most write units of state per event; none was named for the large ones. */
  readonly mostStateUnits?: number;
}

const workloads: readonly Workload[] = [
  { facts: 1, customers: 100, batch: 100, batches: 10, mostStateUnits: 2 },
  { facts: 10, customers: 100, batch: 100, batches: 10, mostStateUnits: 2 },
  { facts: 100, customers: 100, batch: 100, batches: 10, mostStateUnits: 2.5 },
  { facts: 10_000, customers: 10, batch: 10, batches: 10 },
  { facts: 50_000, customers: 2, batch: 10, batches: 4 },
];

const title = 'DynamoDB: what one event costs in grade-customers, customers of so many facts';

/** Requests, capacity units and records out per event, beside a customer that is one item of JSON. */
export const askDynamoDbUnits = async (bench: Bench): Promise<Answer> => {
  const address = process.env['DYNAMODB_ENDPOINT'];
  if (address !== undefined && address !== '') return ask(bench, address);
  if (spawnSync('java', ['-version'], { stdio: 'ignore' }).error !== undefined)
    return { title, rows: [], notes: ['left out: DynamoDB Local needs Java 17, and there is no Java here'] };
  const folder = bench.folder('dynamodb');
  mkdirSync(folder, { recursive: true });
  const engine = await startDynamoDb(folder);
  try {
    return await ask(bench, engine.address);
  } finally {
    await engine.stop();
  }
};

const ask = async ({ sizes, tell }: Bench, endpoint: string): Promise<Answer> => {
  const client = connectDynamoDb({ endpoint });
  const isQuick = sizes.rounds < 5;
  const rows: Row[] = [];
  for (const { batches, ...workload } of workloads) {
    tell(`what an event costs on DynamoDB: customers of ${workload.facts} facts`);
    const table = await freshTable(client, workload.facts);
    const shape = { ...workload, batches: isQuick ? 2 : batches };
    rows.push(rowOf(shape, await measureGrading({ endpoint, table, ...shape })));
  }
  client.destroy();
  return {
    title,
    rows,
    notes: [
      'by the rules of AWS, computed from what was sent; requests to be reached: 1.2, units of a change: 4 (entry, body, index in and out)',
      'state: STATE, chunks put and deleted, index of due customers. “JSON”: one item a customer, Get and a transaction; it ends at 400 KB',
      'ms: real time of the batch by its events, on DynamoDB Local, grading included',
    ],
  };
};

const freshTable = async (client: DynamoDBClient, facts: number): Promise<string> => {
  const name = `bench-${process.hrtime.bigint().toString(36)}-${facts}`;
  await createTable(client, name);
  return name;
};

const rowOf = ({ facts, batch, mostStateUnits }: Workload, { ours, naive }: GradingCost): Row => ({
  facts,
  batch,
  requests: ours.requests,
  'read units': ours.readUnits,
  'state units': ours.stateUnits,
  'to reach': mostStateUnits ?? Number.NaN,
  'units per change': ours.changeUnits,
  'records out': ours.recordsOut,
  ms: ours.ms,
  'JSON requests': naive?.requests ?? Number.NaN,
  'JSON read': naive?.readUnits ?? Number.NaN,
  'JSON write': naive?.writeUnits ?? Number.NaN,
});
