import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDynamoDb } from '../engines/dynamodb-local.ts';
import { fetchKafka, restartKafka, startKafka } from '../engines/kafka-broker.ts';

export interface ProofEngines {
  readonly brokers: string;
  readonly endpoint: string;
  /** Kills the broker without warning and starts it again, on what it had on disk. */
  readonly breakBroker: () => Promise<void>;
}

/** Runs the work on a broker and a DynamoDB Local of its own, which end with it. */
export const withEngines = async <T>(work: (engines: ProofEngines) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'regrade-engines-'));
  const jars = await fetchKafka();
  let kafka = await startKafka(folder, jars);
  const dynamoDb = await startDynamoDb(folder);
  try {
    return await work({
      brokers: kafka.address,
      endpoint: dynamoDb.address,
      breakBroker: async () => {
        await kafka.kill();
        kafka = await restartKafka(folder, jars, kafka.address);
      },
    });
  } finally {
    await kafka.stop();
    await dynamoDb.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
