import { clusterAnswers } from '../../../shared/adapters/kafka/cluster-answers.ts';
import type { KafkaDynamoDbEngine } from '../../../shared/definitions/engine.ts';
import { canConnect } from './can-connect.ts';
import type { CommandConnections } from './connect-for-command.ts';

/** How long brokers may take before a command goes on without them: for a connection, and again to be let in. */
export const brokersPatienceMs = 3_000;

/**
 * Whether the brokers can be reached from here, and let us in. Where nobody takes a connection, nobody is asked for their secrets.
 *
 * @throws {PipelineError} `CONFIG_INVALID` where none is named, a secret is missing, or they refuse us.
 */
export const brokersAnswer = async (
  kafka: CommandConnections['kafka'],
  { kafka: { brokers } }: KafkaDynamoDbEngine,
): Promise<boolean> => {
  if (brokers.length > 0 && !(await canConnect(brokers, brokersPatienceMs))) return false;
  return clusterAnswers(await kafka(), brokersPatienceMs);
};
