import { resolve } from 'node:path';
import { prometheusMetrics } from '../../shared/adapters/metrics/prometheus.ts';
import { groups, topics } from '../../shared/definitions/topics.ts';
import { type CustomerId, TenantId } from '../../shared/domain/ids.ts';
import type { PipelineError } from '../../shared/domain/pipeline-error.ts';
import { specsInForce } from '../../shared/grading/in-force.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Consumption } from '../../shared/ports/stream.ts';
import { systemClock } from '../../shared/runtime/clocks.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { modelsInForce } from '../../shared/usecases/models-in-force.ts';
import { wholly } from '../../shared/usecases/wholly.ts';
import { serveControl } from './control-socket.ts';
import { keepAuditing } from './keep-auditing.ts';
import { keepCheckpointing } from './keep-checkpointing.ts';
import { keepNodeTime, settledUntil } from './keep-node-time.ts';
import { keepPublishing } from './keep-publishing.ts';
import { type Engine, openEngine } from './open-engine.ts';
import { positions } from './positions.ts';
import { answerPublication } from './publications.ts';
import { publishFiles } from './publish-files.ts';
import { readHealth } from './read-health.ts';
import { readInboxes } from './read-inboxes.ts';
import { type ArrivalClock, serveHttp } from './serve-http.ts';
import { wireStages } from './wire-stages.ts';
import type { LoadedWorkspace } from './workspace/load-workspace.ts';

export interface NodeSettings {
  readonly log?: Log;
  /** A simulated one for the demo and for tests. */
  readonly clock?: Clock;
  /** Where business time comes with the delivery. For tests that must decide the same twice. */
  readonly arrivalClock?: ArrivalClock;
  readonly newLedgerKey?: (customer: CustomerId) => string;
}

export interface RunningNode {
  /** Where it listens, e.g. http://127.0.0.1:8787. */
  readonly url: string;
  /** Resolves when the node had to stop by itself: a full disk, a damaged file. Never rejects. */
  readonly failed: Promise<PipelineError>;
  /** Resolves when nothing is left to do now: streams drained, inboxes read, nothing due. */
  idle(): Promise<void>;
  /** Ends after the work in hand. */
  stop(): Promise<void>;
}

/** Batches are as large as a turn of the loop may be long: everything shares one thread. */
const batchSize = 256;
/** A live event finds at most so many reviews before it while a model is published. */
const mostUnread = 32;
const lookMs = 2;
/** Between two looks whether something was published. */
const publishMs = 500;

/**
 * The whole pipeline in one process on one file.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, `STORE_IN_USE`, `STORE_CORRUPT`, `STORE_FULL`; or the listener's own error.
 */
export const startNode = async (loaded: LoadedWorkspace, settings: NodeSettings = {}): Promise<RunningNode> => {
  const { workspace, folder } = loaded;
  const tenant = TenantId.parse(workspace.tenant);
  const clock = settings.clock ?? systemClock;
  const log = settings.log ?? createLogger('regrade', { level: 'info' });
  const { failed, fail } = failure();
  const engine = openEngine({ folder: resolve(folder, workspace.data), tenant, clock, onFatal: fail });
  try {
    return await run({ loaded, settings, tenant, clock, log, engine, failed });
  } catch (error) {
    engine.close();
    throw error;
  }
};

interface NodeParts {
  readonly loaded: LoadedWorkspace;
  readonly settings: NodeSettings;
  readonly tenant: TenantId;
  readonly clock: Clock;
  readonly log: Log;
  readonly engine: Engine;
  readonly failed: Promise<PipelineError>;
}

const run = async (parts: NodeParts): Promise<RunningNode> => {
  const { loaded, settings, tenant, clock, log, engine, failed } = parts;
  const metrics = prometheusMetrics();
  const { newLedgerKey } = settings;
  const { registry } = engine;
  await publishFiles({ tenant, registry, files: loaded.models, clock, log });
  // this process alone moves the pointer, and reads it again whenever it does
  const models = modelsInForce({ tenant, registry, wallNow: clock.wallNow, cacheMs: Number.POSITIVE_INFINITY });
  const ground = { loaded, tenant, clock, log, metrics, models, ...engine };
  const stages = wireStages({ ...ground, ...(newLedgerKey === undefined ? {} : { newLedgerKey }) });
  const { resolving, grading, ranking, acting } = stages;
  await acting.recover(0);

  const inboxes = readInboxes(resolving.readBack, [...stages.sources.keys()], log);
  const time = keepNodeTime({ ...parts, resolving, grading, acting, inboxes });
  const http = await serveHttp({
    ...parts,
    ...settings,
    intake: engine.intake,
    metrics,
    health: () => readHealth(engine, tenant, clock, positions),
    unready: () => Promise.resolve(undefined),
  });
  const { stream } = engine;
  const readers: Consumption[] = [
    await stream.subscribe({ topic: topics.webhooks, group: groups.resolveRecords, batchSize }, async (batch) => {
      await wholly(resolving.process)(batch);
      inboxes.poke();
    }),
    await stream.subscribe({ topic: topics.events, group: groups.gradeCustomers, batchSize }, wholly(grading.process)),
    await stream.subscribe({ topic: topics.cohorts, group: groups.rankCohorts, batchSize }, wholly(ranking.process)),
    await stream.subscribe({ topic: topics.changes, group: groups.actOnChanges, batchSize }, async (batch) => {
      await wholly(acting.process)(batch);
      time.sendDue();
    }),
  ];
  const publishing = keepPublishing({
    ...{ ...ground, lookMs, mostUnread, everyMs: publishMs, cacheMs: 0 },
    reviewedAsOf: () => settledUntil(engine, clock),
    summarise: acting.summarise,
    lease: () => Promise.resolve(true),
  });
  const auditing = keepAuditing({
    ...ground,
    currentSpecs: async () => specsInForce(await models.current()),
    timezone: loaded.workspace.timezone,
    lease: () => Promise.resolve(true),
  });
  const checkpoints = keepCheckpointing(engine.file, log);
  const publish = answerPublication({ tenant, registry, businessNow: clock.businessNow });
  const control = await serveControl(engine.file, { stream: engine.replay, publish, log });
  const connections = Object.keys(loaded.workspace.connections).length;
  log.info({ connections, models: loaded.models.length }, 'the node runs');
  const busy = (): boolean =>
    positions.some(({ topic, group }) => stream.oldestUnfinished(topic, group) !== undefined) || inboxes.busy();

  return {
    url: http.url,
    failed,
    idle: async () => {
      do {
        await new Promise((done) => setTimeout(done, 5));
        await time.turn();
        await inboxes.settled();
      } while (busy() || (await publishing.isBusy()));
      await time.settled();
    },
    stop: async () => {
      await http.stop();
      await control.stop();
      await inboxes.stop();
      await time.stop();
      await auditing.stop();
      await Promise.all(readers.map((reader) => reader.stop()));
      await publishing.stop();
      await time.settled();
      await checkpoints.stop();
      engine.close();
      log.info({}, 'the node stopped');
    },
  };
};

const failure = (): { readonly failed: Promise<PipelineError>; readonly fail: (error: PipelineError) => void } => {
  let fail: (error: PipelineError) => void = () => undefined;
  const failed = new Promise<PipelineError>((resolveFailed) => {
    fail = resolveFailed;
  });
  return { failed, fail };
};
