import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dynamoDbActionStore } from '../../shared/adapters/dynamodb/actions/action-store.ts';
import { dynamoDbCohortStore } from '../../shared/adapters/dynamodb/cohorts/cohort-store.ts';
import { dynamoDbCustomerStore } from '../../shared/adapters/dynamodb/customers/customer-store.ts';
import { dynamoDbMemory } from '../../shared/adapters/dynamodb/memory.ts';
import { dynamoDbModelRegistry } from '../../shared/adapters/dynamodb/models/model-registry.ts';
import { dynamoDbRecordStore } from '../../shared/adapters/dynamodb/records/record-store.ts';
import { dynamoDbSpill } from '../../shared/adapters/dynamodb/spill.ts';
import { dynamoDbTokenStore } from '../../shared/adapters/dynamodb/token-store.ts';
import { kafkaOffsets } from '../../shared/adapters/kafka/offsets.ts';
import { kafkaProgress } from '../../shared/adapters/kafka/progress.ts';
import type { Invocation } from '../../shared/adapters/lambda/invocation.ts';
import { limits } from '../../shared/definitions/limits.ts';
import { specsInForce } from '../../shared/grading/in-force.ts';
import { moveSpilled } from '../../shared/usecases/move-spilled.ts';
import { publishModels } from '../../shared/usecases/publish-models.ts';
import { wireActOnChanges } from '../act-on-changes/wire.ts';
import { wireGradeCustomers } from '../grade-customers/wire.ts';
import { auditLease } from '../ground/audit-lease.ts';
import { claimWhile } from '../ground/claim-while.ts';
import { connectConnections } from '../ground/connect-connections.ts';
import { drainInbox } from '../ground/drain-inbox.ts';
import { publishLease } from '../ground/publish-lease.ts';
import { publishedModels } from '../ground/published-models.ts';
import { reasonsOf } from '../ground/reasons-of.ts';
import { startFunction } from '../ground/start-function.ts';
import { wireResolveRecords } from '../resolve-records/wire.ts';
import { auditAtNight } from './audit-at-night.ts';
import { runRound, type Step } from './run-round.ts';
import { wireKeepTime } from './wire.ts';

const started = startFunction('keep-time');
const { workspace, clock, log, metrics, stream } = started;
const spill = dynamoDbSpill({ ...started, uuid: randomUUID });
const records = dynamoDbRecordStore(started);
const customers = dynamoDbCustomerStore(started);
const cohorts = dynamoDbCohortStore(started);
const actions = dynamoDbActionStore(started);
const tokens = dynamoDbTokenStore(started);
let remainingMs = (): number => 0;

/** Longer than any channel waits for an answer: no attempt is begun with less. */
const longestSendMs = 20_000;
/** What reading back leaves to the steps after it. */
const reserveMs = 2 * longestSendMs;
/** Reviews that may wait while a model is published: a live event finds at most so many before it, over all partitions. */
const mostUnread = 2_000;
/** Between two looks how far the groups are: each asks the cluster. */
const lookMs = 500;
/** An attempt that began this long ago has ended, whatever became of it. */
const givenUpAfterMs = 5 * 60_000;

const { sources, writers } = connectConnections(workspace, { ...started, tokens, rates: started.readRates() });
const models = publishedModels(started);
const resolving = wireResolveRecords({ ...started, records, connections: sources });
const grading = wireGradeCustomers({ ...started, customers, cohorts, models });
const acting = wireActOnChanges({
  ...started,
  models,
  writers,
  reasons: reasonsOf(models, workspace.timezone),
  actions: claimWhile(actions, () => remainingMs() > longestSendMs),
});
const { keep, sweep } = wireKeepTime({
  ...{ ...started, records, customers, actions },
  // events of one customer are decided in the order of their topic, and a review stands behind what is on it already
  settledUntil: clock.businessNow,
  publishOwedChanges: grading.publishOwed,
  publishOwedEvents: resolving.publishOwed,
});
const drain = drainInbox({
  ...started,
  tokens,
  readBack: resolving.readBack,
  holder: randomUUID(),
  sleep: (ms) => sleep(ms),
});

const countNext = auditAtNight({
  ...started,
  cohorts,
  currentSpecs: async () => specsInForce(await models.current()),
  memory: dynamoDbMemory(started),
  timezone: workspace.timezone,
  lease: auditLease({ tokens, clock, holder: randomUUID() }),
  pause: async () => remainingMs() > reserveMs,
});

const leasePublishing = publishLease({ tokens, clock, holder: randomUUID() });
const carryPublication = publishModels({
  ...{ ...started, customers, cohorts, models, mostUnread, lookMs, cacheMs: limits.pointerCacheMs },
  registry: dynamoDbModelRegistry(started),
  progress: kafkaProgress(kafkaOffsets(started.connection)),
  reviewedAsOf: clock.businessNow,
  summarise: acting.summarise,
  // what a round leaves the next one goes on with
  pause: async (ms) => {
    if (remainingMs() - ms < reserveMs) return false;
    await sleep(ms);
    return leasePublishing();
  },
});

const putDue = async (): Promise<void> => {
  for (let more = true; more && remainingMs() > reserveMs; ) {
    const { reviews, actions } = await keep();
    more = reviews + actions > 0;
  }
};

const auditCohorts = async (): Promise<void> => {
  for (let more = true; more && remainingMs() > reserveMs; ) more = await countNext();
};

const steps: readonly Step[] = [
  ['put what is due on its topic', putDue],
  ['move what was spilled', () => moveSpilled({ spill, stream, clock, goesOn: () => remainingMs() > reserveMs })],
  ['send what was left unpublished', sweep],
  ['give up attempts that a crash left', () => acting.recover(givenUpAfterMs)],
  ['send deliveries that are due', acting.sendDue],
  ['carry out what was published', carryPublication],
  ['audit the cohorts', auditCohorts],
];

/** Side by side: a slow CRM keeps nobody waiting but its own. */
const readBacks = (until: number): readonly Step[] =>
  [...sources].flatMap(([connection, { reader }]): Step[] =>
    reader === undefined ? [] : [[`read back from ${connection}`, () => drain(connection, { until, waits: true })]],
  );

/** Whatever the event says: everything that happens by the clock, once. Each step by itself: none keeps the others from theirs. */
export const handler = async (_event: unknown, invocation: Invocation): Promise<void> => {
  remainingMs = () => invocation.getRemainingTimeInMillis();
  const until = clock.wallNow() + remainingMs() - reserveMs;
  await Promise.all([runRound(steps, log), ...readBacks(until).map((step) => runRound([step], log))]);
  metrics.flush();
};
