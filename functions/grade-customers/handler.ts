import { dynamoDbCohortStore } from '../../shared/adapters/dynamodb/cohorts/cohort-store.ts';
import { dynamoDbCustomerStore } from '../../shared/adapters/dynamodb/customers/customer-store.ts';
import { consume, type KafkaBatchResponse } from '../../shared/adapters/lambda/consume.ts';
import type { Invocation } from '../../shared/adapters/lambda/invocation.ts';
import { topics } from '../../shared/definitions/topics.ts';
import { publishedModels } from '../ground/published-models.ts';
import { startFunction } from '../ground/start-function.ts';
import { wireGradeCustomers } from './wire.ts';

const stage = 'grade-customers';
const started = await startFunction(stage);
const { process: work } = wireGradeCustomers({
  ...started,
  customers: dynamoDbCustomerStore(started),
  cohorts: dynamoDbCohortStore(started),
  models: publishedModels(started),
});
const gradeAll = consume({ ...started, stage, topic: topics.events, work });

/** Events in; graded customers and their changes out. */
export const handler = async (event: unknown, invocation: Invocation): Promise<KafkaBatchResponse> => {
  started.begin(invocation);
  const response = await gradeAll(event, invocation);
  started.metrics.flush();
  return started.answer(response);
};
