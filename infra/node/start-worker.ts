import { resolve } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openGround } from '../../functions/ground/open-ground.ts';
import { publishedModels } from '../../functions/ground/published-models.ts';
import { prometheusMetrics } from '../../shared/adapters/metrics/prometheus.ts';
import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { FunctionName } from '../../shared/definitions/functions.ts';
import { TenantId } from '../../shared/domain/ids.ts';
import type { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Consumption } from '../../shared/ports/stream.ts';
import { systemClock } from '../../shared/runtime/clocks.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { resolveSecret } from '../../shared/runtime/secrets.ts';
import { checkGround } from './check-ground.ts';
import { keepTicking } from './keep-ticking.ts';
import { keepWorkerTime } from './keep-worker-time.ts';
import { engineEnvironment } from './readers/engine-secrets.ts';
import { serveHttp } from './serve-http.ts';
import type { RunningNode } from './start-node.ts';
import { subscribeStages } from './subscribe-stages.ts';
import { wireStages } from './wire-stages.ts';
import type { LoadedWorkspace } from './workspace/load-workspace.ts';

export interface WorkerSettings {
  readonly functions: readonly FunctionName[];
  /** With what the environment overrides. */
  readonly engine: KafkaDynamoDbEngine;
  /** Of the operators' pages, and of webhooks where this worker takes them; 0 for any that is free. */
  readonly port: number;
  readonly log?: Log;
  /** A client of one's own, e.g. one with faults. */
  readonly dynamoDb?: DynamoDBClient;
}

export type RunningWorker = Omit<RunningNode, 'idle'>;

/**
 * The functions named, in one process: members of Kafka consumer groups, on DynamoDB. Any number of workers share the work; a
 * worker that dies leaves its share to the others.
 *
 * @throws {PipelineError} `NOT_SET_UP`, `CONFIG_INVALID`, `STREAM_UNAVAILABLE`,
 * `STORE_UNAVAILABLE`; or the listener's own error.
 */
export const startWorker = async (loaded: LoadedWorkspace, settings: WorkerSettings): Promise<RunningWorker> => {
  const { engine, functions, port } = settings;
  const log = settings.log ?? createLogger('regrade', { level: 'info' });
  const metrics = prometheusMetrics();
  const { failed, fail } = failure();
  const clock = systemClock;
  const tenant = TenantId.parse(loaded.workspace.tenant);
  const shared = { loaded, tenant, clock, log, metrics, engine };
  const environment = await engineEnvironment(loaded, engine.kafka);
  const ground = openGround({
    ...shared,
    resolveSecret: (ref) => resolveSecret(ref, { folder: resolve(loaded.folder), environment }),
    clientId: 'regrade-worker',
    onGivenUp: fail,
    ...(settings.dynamoDb === undefined ? {} : { dynamoDb: settings.dynamoDb }),
  });
  const opened: { stop(): Promise<void> }[] = [{ stop: ground.close }];
  const stop = async (): Promise<void> => {
    for (const each of opened.reverse()) await each.stop();
  };
  try {
    const has = (name: FunctionName): boolean => functions.includes(name);
    const takesIn = has('receive-webhook');
    const watch = await checkGround({ ...shared, ...ground, takesIn });
    const { table } = engine.dynamodb;
    const models = publishedModels({ ...shared, ...ground, table, models: loaded.models });
    const stages = wireStages({ ...shared, ...ground, models });
    const time = keepWorkerTime({ ...shared, ...ground, models, stages, watch, runs: has });
    opened.push(time);
    const subscribe = () => subscribeStages({ ...shared, ...ground, stages, time, runs: has });
    opened.push(takesIn ? joinInTheEnd(subscribe, log) : await subscribe());
    const http = await serveHttp({
      ...shared,
      port,
      ...(takesIn ? { intake: ground.intake } : {}),
      health: async () => ({ status: 'ok', functions, ...(await watch.read()) }),
      unready: watch.unready,
    });
    opened.push(http);
    log.info({ functions: functions.join(' '), listens: http.url }, 'the worker runs');
    return {
      url: http.url,
      failed,
      stop: async () => {
        await stop();
        log.info({}, 'the worker stopped');
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

const rejoinMs = 5_000;

/** Webhooks are taken while a broker is away; the groups are joined as soon as it is back. */
const joinInTheEnd = (subscribe: () => Promise<Consumption>, log: Log): Consumption => {
  let joined: Consumption | undefined;
  const joining = keepTicking(
    'join the consumer groups',
    rejoinMs,
    async () => {
      joined ??= await subscribe();
      return false;
    },
    log,
  );
  return {
    stop: async () => {
      await joining.stop();
      await joined?.stop();
    },
  };
};

const failure = (): { readonly failed: Promise<PipelineError>; readonly fail: (error: PipelineError) => void } => {
  let fail: (error: PipelineError) => void = () => undefined;
  const failed = new Promise<PipelineError>((settle) => {
    fail = settle;
  });
  return { failed, fail };
};
