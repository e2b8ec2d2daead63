import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { wireGradeCustomers } from '#functions/grade-customers/wire.ts';
import { wireRankCohorts } from '#functions/rank-cohorts/wire.ts';
import { openEngine } from '#infra/node/open-engine.ts';
import { memoryActionStore } from '#shared/adapters/memory/action-store.ts';
import { memoryCohortStore } from '#shared/adapters/memory/cohort-store.ts';
import { memoryCustomerStore } from '#shared/adapters/memory/customer-store.ts';
import { memoryModelRegistry } from '#shared/adapters/memory/model-registry.ts';
import { memoryRecordStore } from '#shared/adapters/memory/record-store.ts';
import { sqliteProgress } from '#shared/adapters/sqlite/progress.ts';
import { RecordMapping } from '#shared/definitions/mapping.ts';
import { type Group, groups, topics } from '#shared/definitions/topics.ts';
import { type Hint, outgoingHint } from '#shared/domain/hint.ts';
import { ConnectionId, type CustomerId, TenantId } from '#shared/domain/ids.ts';
import type { Instant } from '#shared/domain/instant.ts';
import { createMapper } from '#shared/domain/mapping.ts';
import type { PipelineError } from '#shared/domain/pipeline-error.ts';
import type { Grader } from '#shared/grading/grader.ts';
import type { ActionStore } from '#shared/ports/action-store.ts';
import type { CohortStore } from '#shared/ports/cohort-store.ts';
import type { CustomerStore } from '#shared/ports/customer-store.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import type { ModelRegistry } from '#shared/ports/model-registry.ts';
import type { Progress } from '#shared/ports/progress.ts';
import type { RecordStore } from '#shared/ports/record-store.ts';
import type { Consumption, Stream } from '#shared/ports/stream.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { type Kept, keepTime } from '#shared/usecases/keep-time.ts';
import type { InForceReader } from '#shared/usecases/models-in-force.ts';
import { parkOn } from '#shared/usecases/park.ts';
import { type ReadBackResult, readBack } from '#shared/usecases/read-back.ts';
import { resolveRecords } from '#shared/usecases/resolve-records.ts';
import type { ConnectionSource } from '#shared/usecases/understand-hint.ts';
import { wholly } from '#shared/usecases/wholly.ts';
import { type FakeCrm, fakeCrm } from './fake-crm.ts';
import { fixedModels } from './fixed-models.ts';
import { type HandClock, handClock } from './hand-clock.ts';
import { handStream } from './hand-stream.ts';
import { quietLog } from './quiet-log.ts';
import { shopGraders } from './shop-models.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const tenant = TenantId.parse('default');
/** Sends whole records. */
export const shop = ConnectionId.parse('shop');
/** Sends thin hints; its records are read back. */
export const crm = ConnectionId.parse('crm');
export const plantStart = Date.UTC(2026, 0, 10, 12);

/** What the stages run on, and the two things a test does to a stream: waits for it, and sets a group back. */
export interface PlantGround {
  readonly records: RecordStore;
  readonly customers: CustomerStore;
  readonly cohorts: CohortStore;
  readonly registry: ModelRegistry;
  readonly progress: Progress;
  readonly actions: ActionStore;
  readonly stream: Stream;
  readonly clock: HandClock;
  accept(hints: readonly Hint[]): Promise<void>;
  /** Until both groups have had everything. */
  drain(): Promise<void>;
  /** Lets a group have a batch; on a file every group has what it gets done meanwhile. */
  work(group: Group): Promise<void>;
  rewind(group: Group, records: number): void;
  settledUntil(): Instant;
}

export interface Plant extends PlantGround {
  readonly graders: readonly Grader[];
  readonly fakeCrm: FakeCrm;
  readBack(): Promise<ReadBackResult>;
  keepTime(): Promise<Kept>;
}

const records = {
  customer: {
    id: 'id',
    customer: { kind: 'account', id: 'id' },
    version: 'changedAt',
    attributes: { name: 'name', region: 'region' },
  },
  invoice: {
    id: 'id',
    customer: { kind: 'account', id: 'customer' },
    version: 'changedAt',
    keepIf: { '!draft': ['true'] },
    facts: [
      { type: 'invoice.paid', at: 'paidAt', amount: 'amount', sign: 'positive' },
      { type: 'invoice.refunded', at: 'paidAt', amount: 'amount', sign: 'negative', absolute: true },
    ],
  },
};

const mapperOf = (connection: ConnectionId) =>
  createMapper({
    connection,
    currency: 'GBP',
    timezone: 'Europe/London',
    records: Object.fromEntries(Object.entries(records).map(([name, each]) => [name, RecordMapping.parse(each)])),
  });

export const sourcesOf = (reader: FakeCrm): ReadonlyMap<ConnectionId, ConnectionSource> =>
  new Map<ConnectionId, ConnectionSource>([
    [shop, { mapper: mapperOf(shop), ownFields: new Set() }],
    [crm, { mapper: mapperOf(crm), reader, ownFields: new Set(['Grade', 'Score']) }],
  ]);

/** The same secret for the same customer, so that ledgers can be compared byte for byte. */
export const ledgerKeyOf = (customer: CustomerId): string => hashing.sha256(`key of ${customer}`);

/** Resolving, grading and time on a ground, wired as the node does, with nothing running by itself. */
export const buildPlant = async (
  ground: PlantGround,
  {
    graders = shopGraders(),
    models = fixedModels(graders),
    cuts = ground.cohorts,
  }: {
    readonly graders?: readonly Grader[];
    /** Where models are published while it runs; `graders` are those at its beginning then. */
    readonly models?: InForceReader;
    /** What grading reads cuts from. */
    readonly cuts?: Pick<CohortStore, 'findHeads'>;
  } = {},
): Promise<Plant> => {
  const { records: recordStore, customers, cohorts, actions, stream, clock } = ground;
  const reader = fakeCrm();
  const log = quietLog();
  const resolving = {
    tenant,
    connections: sourcesOf(reader),
    records: recordStore,
    stream,
    sha256: hashing.sha256,
    clock,
    park: parkOn({ stream, stage: 'resolve-records', log, metrics: noMetrics }),
    metrics: noMetrics,
  };
  const grading = wireGradeCustomers({
    tenant,
    customers,
    cohorts: cuts,
    stream,
    models,
    log,
    clock,
    metrics: noMetrics,
    newLedgerKey: ledgerKeyOf,
  });
  await stream.subscribe(
    { topic: topics.webhooks, group: groups.resolveRecords, batchSize: 7 },
    wholly(resolveRecords(resolving)),
  );
  await stream.subscribe({ topic: topics.events, group: groups.gradeCustomers, batchSize: 5 }, wholly(grading.process));
  await stream.subscribe(
    { topic: topics.cohorts, group: groups.rankCohorts, batchSize: 5 },
    wholly(wireRankCohorts({ tenant, cohorts, stream, models, log, metrics: noMetrics }).process),
  );
  const keep = keepTime({
    tenant,
    customers,
    records: recordStore,
    actions,
    stream,
    clock,
    settledUntil: () => ground.settledUntil(),
    publishOwedChanges: grading.publishOwed,
    publishOwedEvents: async () => undefined,
  });
  const parkRecord = async (key: string): Promise<void> => stream.append(topics.dead, [{ key, value: '{}' }]);
  const read = readBack({ ...resolving, log, parkRecord, random: () => 0.5 });
  return { ...ground, graders, fakeCrm: reader, readBack: () => read(crm), keepTime: keep };
};

const positions = [
  [topics.webhooks, groups.resolveRecords],
  [topics.events, groups.gradeCustomers],
  [topics.cohorts, groups.rankCohorts],
] as const;

/** A ground in memory; a batch is worked when the test says so. */
export const memoryGround = (): PlantGround => {
  const clock = handClock(plantStart);
  const stream = handStream(clock.businessNow);
  const recordStore = memoryRecordStore();
  return {
    records: recordStore,
    customers: memoryCustomerStore(),
    cohorts: memoryCohortStore(),
    registry: memoryModelRegistry(),
    // one partition, as on a file
    progress: sqliteProgress(stream),
    actions: memoryActionStore(),
    stream,
    clock,
    accept: async (hints) => {
      recordStore.receive(
        tenant,
        hints.map(({ connection }) => connection),
      );
      await stream.append(topics.webhooks, hints.map(outgoingHint));
    },
    drain: async () => {
      for (;;) {
        const worked = [
          await stream.turn(groups.resolveRecords, 7),
          await stream.turn(groups.gradeCustomers, 5),
          await stream.turn(groups.rankCohorts, 5),
        ];
        if (!worked.includes(true)) return;
      }
    },
    work: async (group) => {
      await stream.turn(group, 5);
    },
    rewind: (group, records) => stream.rewind(group, records),
    settledUntil: () =>
      Math.min(
        clock.businessNow(),
        ...positions.map(([topic, group]) => stream.oldestUnfinished(topic, group) ?? clock.businessNow()),
      ),
  };
};

/** A ground on a real SQLite file, with its own stream: readers work whenever the loop lets them. */
export const sqliteGround = (folder: string): PlantGround & { close(): Promise<void> } => {
  const clock = handClock(plantStart);
  let fatal: PipelineError | undefined;
  const engine = openEngine({ folder, tenant, clock, onFatal: (error) => (fatal = error) });
  const running: Consumption[] = [];
  const unfinished = () => positions.map(([topic, group]) => engine.stream.oldestUnfinished(topic, group));
  return {
    ...engine,
    stream: {
      append: engine.stream.append,
      subscribe: async (subscription, process) => {
        const consumption = await engine.stream.subscribe(subscription, process);
        running.push(consumption);
        return consumption;
      },
    },
    clock,
    accept: engine.intake.accept,
    drain: async () => {
      do {
        await new Promise((resolve) => setImmediate(resolve));
        if (fatal !== undefined) throw fatal;
      } while (unfinished().some((at) => at !== undefined));
    },
    work: () => new Promise((resolve) => setImmediate(resolve)),
    rewind: (group, records) => {
      for (const [topic, reader] of positions) if (reader === group) engine.stream.rewind(topic, group, records);
    },
    settledUntil: () => Math.min(clock.businessNow(), ...unfinished().map((at) => at ?? clock.businessNow())),
    close: async () => {
      await Promise.all(running.map((each) => each.stop()));
      engine.close();
    },
  };
};

/** Both grounds, by the name of their engine. A file goes with its test. */
export const grounds = [
  {
    engine: 'memory',
    open: (): PlantGround & { close(): Promise<void> } => ({ ...memoryGround(), close: async () => undefined }),
  },
  {
    engine: 'SQLite',
    open: (): PlantGround & { close(): Promise<void> } => {
      files += 1;
      return sqliteGround(join(folderOfTest(), String(files)));
    },
  },
] as const;

let files = 0;
let folder: string | undefined;
/** One folder for all files of a test: a property opens many. */
const folderOfTest = (): string => {
  if (folder !== undefined) return folder;
  folder = temporaryFolder();
  onTestFinished(() => {
    folder = undefined;
  });
  return folder;
};
