import { dynamoDbCohortStore } from '#shared/adapters/dynamodb/cohorts/cohort-store.ts';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';
import { memoryStream } from '#shared/adapters/memory/stream.ts';
import { topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import {
  type CohortCuts,
  CohortId,
  type CohortMove,
  type CohortSpec,
  emptyCuts,
  zoneOf,
} from '#shared/domain/cohort.ts';
import { cutsOfHead } from '#shared/domain/cohort-head.ts';
import { ConnectionId, customerIdOf } from '#shared/domain/ids.ts';
import { rankKeyOf } from '#shared/domain/rank-key.ts';
import type { CohortStore } from '#shared/ports/cohort-store.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import type { Received } from '#shared/ports/stream.ts';
import { rankCohorts } from '#shared/usecases/rank-cohorts.ts';
import { countUnits } from '../kit/aws-units.ts';
import { fixedSpecs } from '../kit/fixed-models.ts';
import { tenant } from './cost-events.ts';
import { gradedAt, seeded } from './grading-model.ts';

/** All per moved key but for `rowsRead`, which is per batch. */
export interface CostPerMove {
  readonly requests: number;
  readonly readUnits: number;
  /** Place, new row, old row. */
  readonly rowUnits: number;
  /** The head: with the open batch, and without it. */
  readonly headUnits: number;
  readonly rowsRead: number;
  readonly reviews: number;
  readonly ms: number;
}

export interface RankedCohort {
  readonly endpoint: string;
  /** An empty table. */
  readonly table: string;
  readonly members: number;
  readonly batch: number;
  readonly batches: number;
}

const cohort = CohortId.parse('value:3f2a9c01d4e7');
const crm = ConnectionId.parse('crm');

/** The best 20 % and the best half, each with an exit band of a tenth. */
const spec: CohortSpec = {
  method: 'rank',
  thresholds: ['0.2', '0.22', '0.5', '0.55'],
  ties: 'byKey',
  boundary: 'start',
  minPopulation: 1,
};

/** Moves keys of a cohort of this size by the use case itself, as decisions by the newest cuts would send them. */
export const measureRanking = async (measured: RankedCohort): Promise<CostPerMove> => {
  const { endpoint, table, members, batch, batches } = measured;
  const client = connectDynamoDb({ endpoint });
  const units = countUnits(client);
  let rowsRead = 0;
  let reviews = 0;
  const cohorts = dynamoDbCohortStore({ client, table });
  const stream = memoryStream({ now: () => gradedAt });
  const rank = rankCohorts({
    tenant,
    cohorts,
    specs: fixedSpecs(() => spec),
    park: (record) => Promise.reject(new Error(`not a move: ${record.value}`)),
    metrics: {
      ...noMetrics,
      count: (_, what, by) => {
        if (what === 'rows-read') rowsRead += by;
      },
    },
    stream: { ...stream, append: async (_, records) => void (reviews += records.length) },
  });
  const moves = mover(cohorts);
  const run = async (numbers: readonly number[]): Promise<void> => {
    if ((await rank(await moves(numbers))).length > 0) throw new Error('moves came back');
  };

  for (let from = 0; from < members; from += loadBatch)
    await run(Array.from({ length: Math.min(loadBatch, members - from) }, (_, i) => from + i));
  units.reset();
  [rowsRead, reviews] = [0, 0];
  const random = seeded(29);
  const begun = performance.now();
  for (let i = 0; i < batches; i += 1) await run(drawn(random, members, batch));
  const took = performance.now() - begun;
  client.destroy();
  const { requests, readUnits, writeUnits } = units.read();
  const moved = batch * batches;
  const unitsOf = (...parts: readonly string[]): number =>
    parts.reduce((sum, part) => sum + (writeUnits[part] ?? 0), 0);
  return {
    requests: requests / moved,
    readUnits: readUnits / moved,
    rowUnits: unitsOf('PLACE', 'ROW', 'SHARDS') / moved,
    headUnits: unitsOf('HEAD') / moved,
    rowsRead: rowsRead / batches,
    reviews: reviews / moved,
    ms: took / moved,
  };
};

const loadBatch = 500;

/** So many different members. */
const drawn = (random: () => number, members: number, count: number): readonly number[] => {
  const numbers = new Set<number>();
  while (numbers.size < count) numbers.add(Math.floor(random() * members));
  return [...numbers];
};

/** Worth that spreads as sales do, over three powers of ten; the next of a member is off by up to a quarter from the one before. */
const mover = (cohorts: CohortStore) => {
  const random = seeded(17);
  const standing = new Map<number, { score: number; version: number }>();
  return async (numbers: readonly number[]): Promise<readonly Received[]> => {
    const head = (await cohorts.findHeads(tenant, [cohort])).get(cohort);
    const cuts = head === undefined ? emptyCuts(cohort, spec) : cutsOfHead(head);
    return numbers.map((number) => {
      const { score, version } = standing.get(number) ?? { score: 10 ** (1 + 3 * random()), version: 0 };
      const next = { score: Math.round(score * (0.75 + random() / 2) * 100) / 100, version: version + 1 };
      standing.set(number, next);
      return received(number, next, cuts);
    });
  };
};

const received = (
  number: number,
  { score, version }: { readonly score: number; readonly version: number },
  cuts: CohortCuts,
): Received => {
  const customer = customerIdOf('account', crm, `55402300000052${number}`);
  const key = rankKeyOf([score], customer);
  const at = gradedAt;
  const move: CohortMove = { tenant, cohort, customer, version, key, zone: zoneOf(key, cuts, spec), at };
  const value = encodeCloudEvent({ id: `${customer}:${version}`, source: 'bench', type: 'bench', data: move }, at);
  return { topic: topics.cohorts, partition: 0, offset: number, key: cohort, at, value };
};
