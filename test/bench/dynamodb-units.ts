import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';
import { createTable } from '#shared/adapters/dynamodb/table/create-table.ts';
import { startDynamoDb } from '../engines/dynamodb-local.ts';
import type { Answer, Row } from './answer.ts';
import type { Bench } from './bench.ts';
import { type GradingCost, measureGrading } from './grading-cost.ts';
import { type CostPerMove, measureRanking } from './ranking-cost.ts';

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
export const askDynamoDbUnits = async (bench: Bench): Promise<readonly Answer[]> => {
  const address = process.env['DYNAMODB_ENDPOINT'];
  if (address !== undefined && address !== '') return ask(bench, address);
  if (spawnSync('java', ['-version'], { stdio: 'ignore' }).error !== undefined)
    return [{ title, rows: [], notes: ['left out: DynamoDB Local needs Java 17, and there is no Java here'] }];
  const folder = bench.folder('dynamodb');
  mkdirSync(folder, { recursive: true });
  const engine = await startDynamoDb(folder);
  try {
    return await ask(bench, engine.address);
  } finally {
    await engine.stop();
  }
};

const ask = async (bench: Bench, endpoint: string): Promise<readonly Answer[]> => {
  const client = connectDynamoDb({ endpoint });
  try {
    return [await askGrading(bench, client, endpoint), await askRanking(bench, client, endpoint)];
  } finally {
    client.destroy();
  }
};

const isQuick = ({ sizes }: Bench): boolean => sizes.rounds < 5;

const askGrading = async (bench: Bench, client: DynamoDBClient, endpoint: string): Promise<Answer> => {
  const rows: Row[] = [];
  for (const { batches, ...workload } of workloads) {
    bench.tell(`what an event costs on DynamoDB: customers of ${workload.facts} facts`);
    const table = await freshTable(client, workload.facts);
    const shape = { ...workload, batches: isQuick(bench) ? 2 : batches };
    rows.push(rowOf(shape, await measureGrading({ endpoint, table, ...shape })));
  }
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

const askRanking = async (bench: Bench, client: DynamoDBClient, endpoint: string): Promise<Answer> => {
  const rows: Row[] = [];
  for (const members of isQuick(bench) ? [1_000] : [1_000, 10_000]) {
    bench.tell(`what a moved rank key costs on DynamoDB: a cohort of ${members}`);
    const table = await freshTable(client, members);
    const shape = { members, batch: 500, batches: isQuick(bench) ? 2 : 10 };
    rows.push(rankRowOf(members, await measureRanking({ endpoint, table, ...shape })));
  }
  return {
    title: 'DynamoDB: what one moved rank key costs in rank-cohorts, cohorts of so many members',
    rows,
    notes: [
      'batches of 500 members whose worth changes by up to a quarter; four cuts: two grades, each with an exit band',
      'row units: place, new row, old row; head units: the cohort’s item with the open batch and after it; to be reached: 3 together, and 100 rows read per batch',
    ],
  };
};

const rankRowOf = (members: number, cost: CostPerMove): Row => ({
  members,
  requests: cost.requests,
  'read units': cost.readUnits,
  'row units': cost.rowUnits,
  'head units': cost.headUnits,
  'rows read per batch': cost.rowsRead,
  reviews: cost.reviews,
  ms: cost.ms,
});

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
