import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { startDynamoDb } from '../engines/dynamodb-local.ts';
import { fetchKafka, startKafka } from '../engines/kafka-broker.ts';
import type { Bench } from './bench.ts';

export interface BenchEngines {
  readonly brokers: readonly string[];
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Apache Kafka and DynamoDB Local: those of the environment, else ones of their own. Undefined without Java or Maven. */
export const startBenchEngines = async (bench: Bench): Promise<BenchEngines | undefined> => {
  const { KAFKA_BROKERS, DYNAMODB_ENDPOINT } = process.env;
  if (KAFKA_BROKERS && DYNAMODB_ENDPOINT)
    return { brokers: KAFKA_BROKERS.split(','), endpoint: DYNAMODB_ENDPOINT, stop: () => Promise.resolve() };
  const lacks = (command: string, flag: string): boolean =>
    spawnSync(command, [flag], { stdio: 'ignore' }).error !== undefined;
  if (lacks('java', '-version') || lacks('mvn', '-v')) return undefined;
  const folder = bench.folder('engines');
  mkdirSync(folder, { recursive: true });
  const kafka = await startKafka(folder, await fetchKafka());
  const dynamoDb = await startDynamoDb(folder);
  return {
    brokers: [kafka.address],
    endpoint: dynamoDb.address,
    stop: async () => {
      await Promise.all([kafka.stop(), dynamoDb.stop()]);
    },
  };
};
