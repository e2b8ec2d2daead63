import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { kafkaConnectionOf } from '../../functions/ground/kafka-connection.ts';
import type { Ground } from '../../functions/ground/open-ground.ts';
import { missingTopics } from '../../shared/adapters/kafka/missing-topics.ts';
import { kafkaOffsets } from '../../shared/adapters/kafka/offsets.ts';
import { kafkaProgress } from '../../shared/adapters/kafka/progress.ts';
import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import { topics } from '../../shared/definitions/topics.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { Progress } from '../../shared/ports/progress.ts';
import { resolveSecret } from '../../shared/runtime/secrets.ts';
import { positions } from './positions.ts';
import { engineEnvironment } from './readers/engine-secrets.ts';
import type { LoadedWorkspace } from './workspace/load-workspace.ts';

export interface WatchedGround extends Pick<Ground, 'client'> {
  readonly loaded: LoadedWorkspace;
  readonly engine: KafkaDynamoDbEngine;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Takes webhooks: then it can work with DynamoDB alone, by way of the spill. */
  readonly takesIn: boolean;
}

export interface GroundWatch {
  /** How far every group is behind, in records; null while Kafka does not say. */
  read(): Promise<{ readonly lag: Readonly<Record<string, number>> | null }>;
  /** Puts the lag among the figures. */
  readLag(): Promise<void>;
  /** How far the groups are, for whoever carries out what was published. */
  readonly progress: Progress;
  /** Why this process cannot work now, or nothing. */
  unready(): Promise<string | undefined>;
}

/** An orchestrator asks every few seconds and does not wait long. */
const answerMs = 2_000;

/**
 * Looks whether topics and table are there, and keeps an eye on them.
 *
 * @throws {PipelineError} `NOT_SET_UP`, naming what is missing; `STREAM_UNAVAILABLE`, `STORE_UNAVAILABLE`.
 */
export const checkGround = async (ground: WatchedGround): Promise<GroundWatch> => {
  const { engine, client, loaded, log, metrics } = ground;
  const table = engine.dynamodb.table;
  const environment = await engineEnvironment(loaded, engine.kafka);
  const connection = kafkaConnectionOf(engine.kafka, {
    clientId: 'regrade-watch',
    log,
    credentials: client.config.credentials,
    resolveSecret: (ref) => resolveSecret(ref, { folder: loaded.folder, environment }),
  });
  const offsets = kafkaOffsets(connection);
  const lags = async (): Promise<Record<string, number>> => {
    const all = await Promise.all(
      positions.map(async ({ topic, group }) => [group, await offsets.lagOf(topic, group)] as const),
    );
    return Object.fromEntries(all);
  };
  await checkTable(ground, table);
  const [absent] = await missingTopics(connection).catch((error: unknown) => {
    // a broker that is away is what the spill is for
    if (!ground.takesIn || !(error instanceof PipelineError) || !error.retryable) throw error;
    log.warn({ failure: error.message }, 'Kafka does not answer: webhooks go to the spill');
    return [];
  });
  if (absent !== undefined) throw missing(`there is no Kafka topic ${absent}`);
  return {
    read: async () => ({ lag: await lags().catch(() => null) }),
    readLag: async () => {
      for (const [group, lag] of Object.entries(await lags())) metrics.level(group, 'lag', lag);
    },
    progress: kafkaProgress(offsets),
    unready: async () => {
      const checks = [
        inTime('Kafka does not answer', offsets.ends(topics.webhooks)),
        inTime('DynamoDB does not answer', client.send(new DescribeTableCommand({ TableName: table }))),
      ];
      const reasons = (await Promise.all(checks)).filter((reason) => reason !== undefined);
      return ground.takesIn && reasons.length < checks.length ? undefined : reasons[0];
    },
  };
};

const inTime = async (reason: string, check: Promise<unknown>): Promise<string | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(reason), answerMs);
  });
  const answered = check.then(
    () => undefined,
    () => reason,
  );
  const result = await Promise.race([answered, late]);
  clearTimeout(timer);
  return result;
};

const checkTable = async ({ client }: Pick<Ground, 'client'>, table: string): Promise<void> => {
  try {
    await client.send(new DescribeTableCommand({ TableName: table }));
  } catch (cause) {
    if (cause instanceof ResourceNotFoundException) throw missing(`there is no DynamoDB table ${table}`, cause);
    throw new PipelineError('STORE_UNAVAILABLE', `DynamoDB does not answer for table ${table}`, {
      retryable: true,
      cause,
    });
  }
};

const missing = (what: string, cause?: unknown): PipelineError =>
  new PipelineError('NOT_SET_UP', what, { retryable: false, cause });
