import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dynamoDbRecordStore } from '../../shared/adapters/dynamodb/records/record-store.ts';
import { dynamoDbTokenStore } from '../../shared/adapters/dynamodb/token-store.ts';
import { consume, type KafkaBatchResponse } from '../../shared/adapters/lambda/consume.ts';
import type { Invocation } from '../../shared/adapters/lambda/invocation.ts';
import { topics } from '../../shared/definitions/topics.ts';
import type { ConnectionId } from '../../shared/domain/ids.ts';
import type { Received } from '../../shared/ports/stream.ts';
import { loggedFailure } from '../../shared/runtime/logged-failure.ts';
import { connectConnections } from '../ground/connect-connections.ts';
import { drainInbox } from '../ground/drain-inbox.ts';
import { startFunction } from '../ground/start-function.ts';
import { wireResolveRecords } from './wire.ts';

const stage = 'resolve-records';
const started = await startFunction(stage);
const { workspace, clock, log, metrics } = started;
const tokens = dynamoDbTokenStore(started);
const { sources } = connectConnections(workspace, { ...started, tokens, rates: started.readRates() });
const records = dynamoDbRecordStore(started);
const { process: resolve, readBack } = wireResolveRecords({ ...started, records, connections: sources });
const drain = drainInbox({ ...started, tokens, readBack, holder: randomUUID(), sleep: (ms) => sleep(ms) });

/** Connections that were heard of in this invocation and can be read back. */
const heard = new Set<ConnectionId>();

const work = async (batch: readonly Received[]): Promise<readonly Received[]> => {
  for (const { key } of batch)
    for (const [connection, { reader }] of sources)
      if (reader !== undefined && key.startsWith(`${connection}/`)) heard.add(connection);
  return resolve(batch);
};
const resolveAll = consume({ ...started, stage, topic: topics.webhooks, work });

/** What an invocation keeps for its answer, and for a call of a CRM that was begun last. */
const reserveMs = 20_000;

/** Hints in; events out, or inbox items. What the connections' budgets allow is read back before the answer. */
export const handler = async (event: unknown, invocation: Invocation): Promise<KafkaBatchResponse> => {
  started.begin(invocation);
  heard.clear();
  const response = await resolveAll(event, invocation);
  const until = clock.wallNow() + invocation.getRemainingTimeInMillis() - reserveMs;
  await Promise.all([...heard].map((connection) => readNow(connection, until)));
  metrics.flush();
  return started.answer(response);
};

/** The index that shows what waits follows its table by a moment. */
const indexLagMs = 200;

/** What is not read now keep-time reads later: it fails nobody's batch. */
const readNow = async (connection: ConnectionId, until: number): Promise<void> => {
  try {
    const read = await drain(connection, { until, waits: false });
    if (read !== 0) return;
    await sleep(indexLagMs);
    await drain(connection, { until, waits: false });
  } catch (error) {
    log.error({ stage, connection, ...loggedFailure(error) }, 'reading back failed; the records wait');
  }
};
