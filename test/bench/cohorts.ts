import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { memoryCohortStore } from '#shared/adapters/memory/cohort-store.ts';
import { cohortSchema, sqliteCohortStore } from '#shared/adapters/sqlite/cohort-store.ts';
import { openDatabase } from '#shared/adapters/sqlite/database.ts';
import { topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { CohortId, type CohortMove, type CohortSpec, zoneOf } from '#shared/domain/cohort.ts';
import { cutsOfHead, emptyHead, type NetMove } from '#shared/domain/cohort-head.ts';
import { recount } from '#shared/domain/cohort-recount.ts';
import { CustomerId, TenantId } from '#shared/domain/ids.ts';
import { type RankKey, rankKeyOf } from '#shared/domain/rank-key.ts';
import type { CohortStore } from '#shared/ports/cohort-store.ts';
import type { Received, Stream } from '#shared/ports/stream.ts';
import { rankCohorts } from '#shared/usecases/rank-cohorts.ts';
import { fixedSpecs } from '../kit/fixed-models.ts';
import type { Answer, Row } from './answer.ts';
import type { Bench } from './bench.ts';
import { gradedAt, seeded } from './grading-model.ts';

const tenant = TenantId.parse('default');
const cohort = CohortId.parse('bench:000000000000');
const chunk = 20_000;

/** Two grades with an exit band each, by rank; two by share. */
const specs: readonly CohortSpec[] = [
  { method: 'rank', thresholds: ['0.2', '0.23', '0.5', '0.55'], ties: 'byKey', boundary: 'start', minPopulation: 20 },
  { method: 'share', thresholds: ['0.7', '0.9'], ties: 'byKey', boundary: 'start', minPopulation: 20 },
];

/** What one more move costs in cohorts of three sizes: the whole stage, from the record to the reviews, and nothing around it. */
export const askCohorts = async ({ sizes, folder, tell }: Bench): Promise<Answer> => {
  const rows: Row[] = [];
  for (const members of sizes.cohorts.members)
    for (const spec of specs)
      for (const [engine, open] of enginesIn(folder)) {
        tell(`ranking ${members} members by ${spec.method} on ${engine}`);
        const { store, settle, close } = open();
        const keys = await fill(store, members, spec);
        settle();
        for (const batch of [1, 100]) {
          const figures = await measure(store, keys, spec, batch, sizes.cohorts.moves);
          rows.push({
            engine,
            members,
            cuts: `${spec.thresholds.length} by ${spec.method}`,
            'moves a batch': batch,
            ...figures,
          });
        }
        close();
      }
  return {
    title: 'Ranking: one customer more that moves in a cohort',
    rows,
    notes: [
      'µs of processor time per move, reading the record and writing the reviews included, garbage collection too',
      'a move takes a customer chosen by chance to a score chosen by chance; three in ten scores are 0',
    ],
  };
};

const enginesIn = (folder: Bench['folder']) =>
  [
    ['memory', () => ({ store: memoryCohortStore(), settle: (): void => undefined, close: (): void => undefined })],
    [
      'SQLite',
      () => {
        const inside = folder('cohorts');
        mkdirSync(inside, { recursive: true });
        const db = openDatabase(join(inside, 'bench.db'), cohortSchema);
        // a node has a thread of its own for this
        const settle = (): void => void db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
        return { store: sqliteCohortStore(db), settle, close: (): void => db.close() };
      },
    ],
  ] as const;

const customerOf = (index: number): CustomerId => CustomerId.parse(`account:crm:${index}`);
const anyScore = (random: () => number): number =>
  random() < 0.3 ? 0 : Math.round(Math.exp(3 + 2 * (random() + random() + random() - 1.5)) * 100) / 100;

/** A cohort as a long life would leave it. Its head is counted from its rows. */
const fill = async (store: CohortStore, members: number, spec: CohortSpec): Promise<RankKey[]> => {
  const random = seeded(11);
  const keys = Array.from({ length: members }, (_, index) => rankKeyOf([anyScore(random)], customerOf(index)));
  const moves = keys.map(
    (key, index): NetMove => ({ customer: customerOf(index), old: null, key, version: 1, zone: 0 }),
  );
  for (let from = 0; from < members; from += chunk)
    await store.applyMoves(tenant, cohort, moves.slice(from, from + chunk));
  const sorted = keys.toSorted();
  const count = (worth: string) => {
    const counted = recount(spec, { members, worth });
    counted.add(sorted);
    return counted.result();
  };
  const head = { ...emptyHead(cohort, spec), ...count(count('0').worth), revision: 1, version: 1 };
  if (!(await store.putHead(tenant, head))) throw new Error('the bench’s cohort is not new');
  return keys;
};

const measure = async (store: CohortStore, keys: RankKey[], spec: CohortSpec, batchSize: number, moves: number) => {
  const random = seeded(batchSize);
  const counted = new Map<string, number>();
  let reviews = 0;
  const stream: Stream = {
    append: async (_, records) => void (reviews += records.length),
    subscribe: async () => ({ stop: async () => undefined }),
  };
  const rank = rankCohorts({
    ...{ tenant, cohorts: store, stream, specs: fixedSpecs(() => spec) },
    park: async (_, reason, detail) => Promise.reject(new Error(`${reason}: ${detail}`)),
    metrics: {
      count: (_, what, by) => void counted.set(what, (counted.get(what) ?? 0) + by),
      level: () => undefined,
      took: () => undefined,
    },
  });
  let version = 1 + batchSize * 1_000_000;
  const nextBatch = async (): Promise<Received[]> => {
    const head = (await store.findHeads(tenant, [cohort])).get(cohort);
    if (head === undefined) throw new Error('the bench’s cohort is gone');
    const cuts = cutsOfHead(head);
    return Array.from({ length: batchSize }, (_, offset) => {
      const index = Math.floor(random() * keys.length);
      const customer = customerOf(index);
      const key = rankKeyOf([anyScore(random)], customer);
      keys[index] = key;
      version += 1;
      const move: CohortMove = { tenant, cohort, customer, version, key, zone: zoneOf(key, cuts, spec), at: gradedAt };
      const value = encodeCloudEvent({ id: `${version}`, source: 's', type: 't', data: move }, gradedAt);
      return { topic: topics.cohorts, partition: 0, offset, key: cohort, value, at: gradedAt };
    });
  };
  let [micros, timed] = [0, 0];
  const warmUp = moves / 5;
  for (let done = 0; done < moves + warmUp; done += batchSize) {
    const batch = await nextBatch();
    if (done < warmUp) {
      await rank(batch);
      [reviews, timed] = [0, 0];
      counted.clear();
      continue;
    }
    const before = process.cpuUsage();
    const again = await rank(batch);
    const { user, system } = process.cpuUsage(before);
    if (again.length > 0) throw new Error('moves came again');
    micros += user + system;
    timed += batch.length;
  }
  return {
    'µs a move': micros / timed,
    'rows read a move': (counted.get('rows-read') ?? 0) / timed,
    'reviews a move': reviews / timed,
  };
};
