import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dynamoDbActionStore } from '../../shared/adapters/dynamodb/actions/action-store.ts';
import { dynamoDbCohortStore } from '../../shared/adapters/dynamodb/cohorts/cohort-store.ts';
import { dynamoDbCustomerStore } from '../../shared/adapters/dynamodb/customers/customer-store.ts';
import { dynamoDbModelRegistry } from '../../shared/adapters/dynamodb/models/model-registry.ts';
import { dynamoDbRecordStore } from '../../shared/adapters/dynamodb/records/record-store.ts';
import { dynamoDbRelay } from '../../shared/adapters/dynamodb/relay.ts';
import { dynamoDbSpill } from '../../shared/adapters/dynamodb/spill.ts';
import { dynamoDbTokenStore } from '../../shared/adapters/dynamodb/token-store.ts';
import type { Invocation } from '../../shared/adapters/lambda/invocation.ts';
import { moveRelayed } from '../../shared/usecases/move-relayed.ts';
import { moveSpilled } from '../../shared/usecases/move-spilled.ts';
import { publishOwed } from '../../shared/usecases/publish-owed.ts';
import { claimWhile } from '../ground/claim-while.ts';
import { connectConnections } from '../ground/connect-connections.ts';
import { drainInbox } from '../ground/drain-inbox.ts';
import { startFunction } from '../ground/start-function.ts';
import { wireSending } from '../ground/wire-sending.ts';
import { wireResolveRecords } from '../resolve-records/wire.ts';
import { runRound, type Step } from './run-round.ts';
import { tellFigures } from './tell-figures.ts';
import { tendModels } from './tend-models.ts';
import { wireKeepTime } from './wire.ts';

const started = await startFunction('keep-time');
const { workspace, clock, log, metrics, stream } = started;
const spill = dynamoDbSpill({ ...started, uuid: randomUUID });
const relay = dynamoDbRelay({ ...started, uuid: randomUUID });
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
/** An attempt that began this long ago has ended, whatever became of it. */
const givenUpAfterMs = 5 * 60_000;

const { sources, writers } = connectConnections(workspace, { ...started, tokens, rates: started.readRates() });
const resolving = wireResolveRecords({ ...started, records, connections: sources });
const sending = wireSending({
  ...started,
  writers,
  actions: claimWhile(actions, () => remainingMs() > longestSendMs),
});
const { keep, sweep } = wireKeepTime({
  ...{ ...started, records, customers, actions },
  // events of one customer are decided in the order of their topic, and a review stands behind what is on it already
  settledUntil: clock.businessNow,
  publishOwedChanges: publishOwed({ ...started, customers }),
  publishOwedEvents: resolving.publishOwed,
});
const drain = drainInbox({
  ...started,
  tokens,
  readBack: resolving.readBack,
  holder: randomUUID(),
  sleep: (ms) => sleep(ms),
});

/** What a step leaves the next round goes on with. */
const hasTime = (ms: number): boolean => remainingMs() - ms > reserveMs;
const goesOn = (): boolean => hasTime(0);

const tending = tendModels({
  ...{ ...started, customers, cohorts, tokens, hasTime },
  registry: dynamoDbModelRegistry(started),
  timezone: workspace.timezone,
  summarise: sending.summarise,
});

const putDue = async (): Promise<void> => {
  for (let more = true; more && goesOn(); ) {
    const { reviews, actions } = await keep();
    more = reviews + actions > 0;
  }
};

const steps: readonly Step[] = [
  ['put what is due on its topic', putDue],
  ['bring what waits in the relay to its topics', () => moveRelayed({ ...started, relay, goesOn })],
  ['move what was spilled', () => moveSpilled({ spill, stream, clock, goesOn })],
  ['send what was left unpublished', sweep],
  ['give up attempts that a crash left', () => sending.recover(givenUpAfterMs)],
  ['send deliveries that are due', sending.sendDue],
  ['tell where everything stands', tellFigures({ ...started, records, actions, spill, relay })],
  ['carry out what was published', tending.publish],
  ['audit the cohorts', tending.audit],
];

/** Side by side: a slow CRM keeps nobody waiting but its own. */
const readBacks = (until: number): readonly Step[] =>
  [...sources].flatMap(([connection, { reader }]): Step[] =>
    reader === undefined ? [] : [[`read back from ${connection}`, () => drain(connection, { until, waits: true })]],
  );

/** Whatever the event says: everything that happens by the clock, once. Each step by itself: none keeps the others from theirs. */
export const handler = async (_event: unknown, invocation: Invocation): Promise<void> => {
  started.begin(invocation);
  remainingMs = () => invocation.getRemainingTimeInMillis();
  const until = clock.wallNow() + remainingMs() - reserveMs;
  await Promise.all([runRound(steps, log), ...readBacks(until).map((step) => runRound([step], log))]);
  metrics.flush();
};
