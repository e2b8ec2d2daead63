import { connectKafka, type KafkaConnection } from './connect.ts';
import { failureOf } from './failure-of.ts';
import { kafkaSockets } from './sockets.ts';
import { within } from './within.ts';

const graceMs = 500;

/**
 * Whether the cluster lets us in within so many milliseconds. It leaves nothing open, whoever was late.
 *
 * @throws {PipelineError} `CONFIG_INVALID` where it answers, and refuses us.
 */
export const clusterAnswers = async (connection: KafkaConnection, ms: number): Promise<boolean> => {
  const sockets = kafkaSockets();
  const admin = connectKafka(connection, sockets).admin();
  try {
    await within(
      ms,
      admin.connect().then(() => admin.describeCluster()),
    );
    return true;
  } catch (cause) {
    const failure = failureOf('the cluster does not answer', cause);
    if (failure.retryable) return false;
    throw failure;
  } finally {
    sockets.abandon();
    await within(graceMs, admin.disconnect()).catch(goAnyway);
  }
};

const goAnyway = (): void => {
  // its sockets are gone already
};
