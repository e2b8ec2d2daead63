import { randomUUID } from 'node:crypto';
import { dynamoDbRelay } from '../../shared/adapters/dynamodb/relay.ts';
import { appendByRelay } from '../../shared/usecases/append-by-relay.ts';
import { prepareFunction } from './prepare-function.ts';

/**
 * A function that reaches no broker, ready for its first event: what it appends waits in the table, until the clock brings it to its
 * topic.
 *
 * @throws {PipelineError} as {@link prepareFunction}: the function does not start.
 */
export const startOffStream = async () => {
  const prepared = await prepareFunction();
  const relay = dynamoDbRelay({ ...prepared, uuid: randomUUID });
  return { ...prepared, stream: appendByRelay({ relay, clock: prepared.clock }) };
};
