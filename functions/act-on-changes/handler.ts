import { dynamoDbActionStore } from '../../shared/adapters/dynamodb/actions/action-store.ts';
import { dynamoDbTokenStore } from '../../shared/adapters/dynamodb/token-store.ts';
import { consume, type KafkaBatchResponse } from '../../shared/adapters/lambda/consume.ts';
import type { Invocation } from '../../shared/adapters/lambda/invocation.ts';
import { topics } from '../../shared/definitions/topics.ts';
import { loggedFailure } from '../../shared/runtime/logged-failure.ts';
import { claimWhile } from '../ground/claim-while.ts';
import { connectConnections } from '../ground/connect-connections.ts';
import { publishedModels } from '../ground/published-models.ts';
import { reasonsOf } from '../ground/reasons-of.ts';
import { startOffStream } from '../ground/start-off-stream.ts';
import { wireActOnChanges } from './wire.ts';

const stage = 'act-on-changes';
const started = await startOffStream();
const { workspace, log, metrics } = started;
const models = publishedModels(started);

/** Longer than any channel waits for an answer: no attempt is begun with less. */
const longestSendMs = 20_000;
let remainingMs = (): number => 0;

/** Only the connections that a channel writes to: the secrets of the others are none of this function's business. */
const written = new Set(
  Object.values(workspace.channels).flatMap((channel) => ('connection' in channel ? [channel.connection] : [])),
);
const connections = Object.fromEntries(Object.entries(workspace.connections).filter(([name]) => written.has(name)));

const tokens = dynamoDbTokenStore(started);
const { process: work, sendNew } = wireActOnChanges({
  ...started,
  models,
  reasons: reasonsOf(models, workspace.timezone),
  actions: claimWhile(dynamoDbActionStore(started), () => remainingMs() > longestSendMs),
  writers: connectConnections({ ...workspace, connections }, { ...started, tokens, rates: undefined }).writers,
});
const actOnAll = consume({ ...started, stage, topic: topics.changes, work });

/** Changes in; stored actions, and the deliveries that can be sent in the time that is left. */
export const handler = async (event: unknown, invocation: Invocation): Promise<KafkaBatchResponse> => {
  started.begin(invocation);
  remainingMs = () => invocation.getRemainingTimeInMillis();
  const response = await actOnAll(event, invocation);
  try {
    await sendNew();
  } catch (error) {
    log.error({ stage, ...loggedFailure(error) }, 'sending failed; what is unsent falls due again');
  }
  metrics.flush();
  return started.answer(response);
};
