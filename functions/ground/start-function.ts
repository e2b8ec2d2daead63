import type { FunctionName } from '../../shared/definitions/functions.ts';
import { openFooting } from './open-footing.ts';
import { prepareFunction } from './prepare-function.ts';

/**
 * A function that talks to brokers, ready for its first event.
 *
 * @throws {PipelineError} as {@link prepareFunction}; `CONFIG_INVALID` where no broker is named: the function does not start.
 */
export const startFunction = async (name: FunctionName) => {
  const prepared = await prepareFunction();
  const { stream, connection } = openFooting({ ...prepared, dynamoDb: prepared.client, clientId: name });
  // sockets and sign-in take longer than all the rest of a start: they need not wait for the first event
  stream.connect();
  return { ...prepared, stream, connection };
};
