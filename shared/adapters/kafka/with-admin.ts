import type { Admin } from 'kafkajs';
import { connectKafka, type KafkaConnection } from './connect.ts';
import { failureOf } from './failure-of.ts';
import { kafkaSockets } from './sockets.ts';
import { within } from './within.ts';

const graceMs = 1_000;

/**
 * Runs the work with an administrative client of its own, which ends with it.
 *
 * @throws {PipelineError} `STREAM_UNAVAILABLE`, retryable, saying that `what` did not succeed; `CONFIG_INVALID` where the cluster
 * refuses us.
 */
export const withAdmin = async <T>(
  connection: KafkaConnection,
  what: string,
  work: (admin: Admin) => Promise<T>,
): Promise<T> => {
  const sockets = kafkaSockets();
  const admin = connectKafka(connection, sockets).admin();
  try {
    await admin.connect();
    return await work(admin);
  } catch (cause) {
    throw failureOf(what, cause);
  } finally {
    await within(graceMs, admin.disconnect()).catch(ignoreBroken);
    sockets.abandon();
  }
};

const ignoreBroken = (): void => {
  // what was asked for was answered, or its failure is on its way to the caller
};
