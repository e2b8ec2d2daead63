import { dynamoDbCohortStore } from '../../shared/adapters/dynamodb/cohorts/cohort-store.ts';
import { consume, type KafkaBatchResponse } from '../../shared/adapters/lambda/consume.ts';
import type { Invocation } from '../../shared/adapters/lambda/invocation.ts';
import { topics } from '../../shared/definitions/topics.ts';
import { publishedModels } from '../ground/published-models.ts';
import { startFunction } from '../ground/start-function.ts';
import { wireRankCohorts } from './wire.ts';

const stage = 'rank-cohorts';
const started = await startFunction(stage);
const { process: work } = wireRankCohorts({
  ...started,
  cohorts: dynamoDbCohortStore(started),
  models: publishedModels(started),
});
const rankAll = consume({ ...started, stage, topic: topics.cohorts, work });

/** Moves in; reviews of customers whose grade the cuts passed over out. */
export const handler = async (event: unknown, invocation: Invocation): Promise<KafkaBatchResponse> => {
  started.begin(invocation);
  const response = await rankAll(event, invocation);
  started.metrics.flush();
  return started.answer(response);
};
