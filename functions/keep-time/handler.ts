import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dynamoDbActionStore } from '../../shared/adapters/dynamodb/actions/action-store.ts';
import { dynamoDbCohortStore } from '../../shared/adapters/dynamodb/cohorts/cohort-store.ts';
import { dynamoDbCustomerStore } from '../../shared/adapters/dynamodb/customers/customer-store.ts';
import { dynamoDbRecordStore } from '../../shared/adapters/dynamodb/records/record-store.ts';
import { dynamoDbSpill } from '../../shared/adapters/dynamodb/spill.ts';
import { dynamoDbTokenStore } from '../../shared/adapters/dynamodb/token-store.ts';
import type { Invocation } from '../../shared/adapters/lambda/invocation.ts';
import { compileModel } from '../../shared/grading/compile-model.ts';
import { moveSpilled } from '../../shared/usecases/move-spilled.ts';
import { wireActOnChanges } from '../act-on-changes/wire.ts';
import { wireGradeCustomers } from '../grade-customers/wire.ts';
import { claimWhile } from '../ground/claim-while.ts';
import { connectConnections } from '../ground/connect-connections.ts';
import { drainInbox } from '../ground/drain-inbox.ts';
import { reasonsOf } from '../ground/reasons-of.ts';
import { startFunction } from '../ground/start-function.ts';
import { wireResolveRecords } from '../resolve-records/wire.ts';
import { runRound, type Step } from './run-round.ts';
import { wireKeepTime } from './wire.ts';

const started = startFunction('keep-time');
const { workspace, models, clock, log, metrics, stream } = started;
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
/** An attempt that began this long ago has ended, whatever became of it. */
const givenUpAfterMs = 5 * 60_000;

const { sources, writers } = connectConnections(workspace, { ...started, tokens, rates: started.readRates() });
const graders = models.map(({ model, hash }) => compileModel(model, hash));
const resolving = wireResolveRecords({ ...started, records, connections: sources });
const grading = wireGradeCustomers({ ...started, customers, cohorts, graders });
const acting = wireActOnChanges({
  ...started,
  graders,
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

const putDue = async (): Promise<void> => {
  for (let more = true; more && remainingMs() > reserveMs; ) {
    const { reviews, actions } = await keep();
    more = reviews + actions > 0;
  }
};

const steps: readonly Step[] = [
  ['put what is due on its topic', putDue],
  ['move what was spilled', () => moveSpilled({ spill, stream, clock, goesOn: () => remainingMs() > reserveMs })],
  ['send what was left unpublished', sweep],
  ['give up attempts that a crash left', () => acting.recover(givenUpAfterMs)],
  ['send deliveries that are due', acting.sendDue],
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
