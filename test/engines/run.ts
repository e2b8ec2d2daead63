import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnVitest } from './child-process.ts';
import { startDynamoDb } from './dynamodb-local.ts';
import { fetchKafka, startKafka } from './kafka-broker.ts';

/**
 * Starts Apache Kafka and DynamoDB Local on free loopback ports, runs the promise lists on them, and takes both away again
 * whatever happens. Engines that run already are used as they are: KAFKA_BROKERS, DYNAMODB_ENDPOINT.
 */
const main = async (): Promise<number> => {
  const missing = missingTools();
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

const missingTools = (): readonly string[] => {
  const lines: string[] = [];
  const needsKafka = !process.env['KAFKA_BROKERS'];
  const needsJava = needsKafka || !process.env['DYNAMODB_ENDPOINT'];
  const java = needsJava ? javaVersion() : Number.POSITIVE_INFINITY;
  if (java === undefined)
    lines.push('Java is missing. Install Java 17 or later, e.g. apt-get install openjdk-17-jre-headless');
  else if (java < 17)
    lines.push(`Java ${java} is too old. Install Java 17 or later, e.g. apt-get install openjdk-17-jre-headless`);
  if (needsKafka && spawnSync('mvn', ['-v'], { stdio: 'ignore' }).error !== undefined)
    lines.push('Maven is missing: it fetches Apache Kafka. Install it, e.g. apt-get install maven');
  return lines;
};

/** The first number of `java -version`, which goes to stderr; old ones say 1.8. */
const javaVersion = (): number | undefined => {
  const { stderr, error } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const match = error === undefined ? /version "(?:1\.)?(\d+)/.exec(stderr) : null;
  return match?.[1] === undefined ? undefined : Number(match[1]);
};

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
