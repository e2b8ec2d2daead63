import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnVitest } from './child-process.ts';
import { startDynamoDb } from './dynamodb-local.ts';
import { fetchKafka, startKafka } from './kafka-broker.ts';
import { missingTools } from './missing-tools.ts';

/**
 * Starts Apache Kafka and DynamoDB Local on free loopback ports, runs the promise lists on them, and takes both away again
 * whatever happens. Engines that run already are used as they are: KAFKA_BROKERS, DYNAMODB_ENDPOINT.
 */
const main = async (): Promise<number> => {
  const missing = missingTools({
    kafka: !process.env['KAFKA_BROKERS'],
    dynamoDb: !process.env['DYNAMODB_ENDPOINT'],
  });
  if (missing.length > 0) {
    for (const line of missing) process.stderr.write(`${line}\n`);
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'regrade-engines-'));
  const stops: (() => Promise<void>)[] = [];
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  try {
    const environment = { ...process.env };
    if (!process.env['KAFKA_BROKERS']) {
      const kafka = await startKafka(folder, await fetchKafka());
      stops.push(kafka.stop);
      environment['KAFKA_BROKERS'] = kafka.address;
    }
    if (!process.env['DYNAMODB_ENDPOINT']) {
      const dynamoDb = await startDynamoDb(folder);
      stops.push(dynamoDb.stop);
      environment['DYNAMODB_ENDPOINT'] = dynamoDb.address;
    }
    return await spawnVitest(environment, interrupted.signal);
  } finally {
    await Promise.all(stops.map((stop) => stop()));
    rmSync(folder, { recursive: true, force: true });
  }
};

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
