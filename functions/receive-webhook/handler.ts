import { randomUUID } from 'node:crypto';
import { dynamoDbSpill } from '../../shared/adapters/dynamodb/spill.ts';
import { kafkaIntake } from '../../shared/adapters/kafka/intake.ts';
import { type HttpAnswer, httpAnswerOf, readHttpEvent } from '../../shared/adapters/lambda/http-event.ts';
import { receiveWebhook } from '../../shared/usecases/receive-webhook.ts';
import { startFunction } from '../ground/start-function.ts';
import { createReceiveApp } from './app.ts';
import { createEntrances } from './entrances.ts';
import { readWebBody } from './read-web-body.ts';

const started = startFunction('receive-webhook');
const { workspace, resolveSecret, clock, tenant, log, metrics } = started;
const intake = kafkaIntake({ ...started, spill: dynamoDbSpill({ ...started, uuid: randomUUID }) });
const entrances = createEntrances(workspace.connections, resolveSecret);
const app = createReceiveApp({
  receive: receiveWebhook({ entrances, intake, clock, tenant, metrics }),
  readBody: readWebBody,
  log,
});

/** A request of a function URL or an HTTP API in; an answer out, given once everything in it is durable. */
export const handler = async (event: unknown): Promise<HttpAnswer> => {
  const request = readHttpEvent(event);
  const response = request === undefined ? new Response(null, { status: 400 }) : await app.fetch(request);
  if (request === undefined) log.warn({ outcome: 'no-http-event' }, 'webhook');
  metrics.flush();
  return httpAnswerOf(response);
};
