import { randomUUID } from 'node:crypto';
import { dynamoDbSpill } from '../../shared/adapters/dynamodb/spill.ts';
import { kafkaIntake } from '../../shared/adapters/kafka/intake.ts';
import { type HttpAnswer, httpAnswerOf, readHttpEvent } from '../../shared/adapters/lambda/http-event.ts';
import type { Invocation } from '../../shared/adapters/lambda/invocation.ts';
import { receiveWebhook } from '../../shared/usecases/receive-webhook.ts';
import { startFunction } from '../ground/start-function.ts';
import { createReceiveApp } from './app.ts';
import { createEntrances } from './entrances.ts';
import { readWebBody } from './read-web-body.ts';
import { renewed } from './renewed.ts';

const started = await startFunction('receive-webhook');
const { workspace, clock, tenant, log, metrics } = started;
const intake = kafkaIntake({ ...started, spill: dynamoDbSpill({ ...started, uuid: randomUUID }) });
const appBy = (resolveSecret: typeof started.resolveSecret) =>
  createReceiveApp({
    receive: receiveWebhook({
      ...{ intake, clock, tenant, metrics },
      entrances: createEntrances(workspace.connections, resolveSecret),
    }),
    readBody: readWebBody,
    log,
  });

/** A secret that was added is taken after so long at the latest. */
const secretsForMs = 5 * 60_000;
/** A sender waits. */
const readAgainMs = 1_500;

const currentApp = renewed({
  ...{ first: appBy(started.resolveSecret), everyMs: secretsForMs, clock, log },
  renew: async () => appBy(started.secretsIn(await started.readKept(AbortSignal.timeout(readAgainMs)))),
});

/** A request of a function URL or an HTTP API in; an answer out, given once everything in it is durable. */
export const handler = async (event: unknown, invocation: Invocation): Promise<HttpAnswer> => {
  started.begin(invocation);
  const request = readHttpEvent(event);
  const app = await currentApp();
  const response = request === undefined ? new Response(null, { status: 400 }) : await app.fetch(request);
  if (request === undefined) log.warn({ outcome: 'no-http-event' }, 'webhook');
  metrics.flush();
  return httpAnswerOf(response);
};
