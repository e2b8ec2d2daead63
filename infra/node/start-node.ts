import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { wireActOnChanges } from '../../functions/act-on-changes/wire.ts';
import { wireGradeCustomers } from '../../functions/grade-customers/wire.ts';
import { wireResolveRecords } from '../../functions/resolve-records/wire.ts';
import { type ConnectedCrm, connectCrm } from '../../shared/adapters/crm/connect-crm.ts';
import { groups, topics } from '../../shared/definitions/topics.ts';
import { ConnectionId, type CustomerId, TenantId } from '../../shared/domain/ids.ts';
import type { PipelineError } from '../../shared/domain/pipeline-error.ts';
import { compileModel } from '../../shared/grading/compile-model.ts';
import { reasonSentences } from '../../shared/grading/explain.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Consumption } from '../../shared/ports/stream.ts';
import { systemClock } from '../../shared/runtime/clocks.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { resolveSecret } from '../../shared/runtime/secrets.ts';
import { keepCheckpointing } from './keep-checkpointing.ts';
import { keepNodeTime } from './keep-node-time.ts';
import { type Engine, openEngine } from './open-engine.ts';
import { readInboxes } from './read-inboxes.ts';
import { reviewEveryone } from './review-everyone.ts';
import { type ArrivalClock, serveHttp } from './serve-http.ts';
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
  const functions = wireFunctions(parts);
  const { resolving, grading, acting, graders } = functions;
  await acting.recover(0);

  let stopping = false;
  const inboxes = readInboxes(resolving.readBack, [...functions.sources.keys()], log);
  const time = keepNodeTime({ ...parts, resolving, grading, acting, inboxes });
  const http = await serveHttp({ ...parts, ...settings, positions: functions.positions });
  const { stream } = engine;
  const readers: Consumption[] = [
    await stream.subscribe({ topic: topics.webhooks, group: groups.resolveRecords, batchSize }, async (batch) => {
      await resolving.process(batch);
      inboxes.poke();
    }),
    await stream.subscribe({ topic: topics.events, group: groups.gradeCustomers, batchSize }, grading.process),
    await stream.subscribe({ topic: topics.changes, group: groups.actOnChanges, batchSize }, async (batch) => {
      await acting.process(batch);
      time.sendDue();
    }),
  ];
  const models = graders.map(({ model }) => model.hash).join(' ');
  const reviewed = reviewEveryone({
    engine,
    tenant,
    models,
    now: clock.businessNow,
    stopped: () => stopping,
    log,
  }).catch((error: unknown) => {
    log.error(
      { failure: error instanceof Error ? error.message : 'unknown' },
      'reviewing by the edited model stopped; the next start goes on',
    );
  });
  const checkpoints = keepCheckpointing(engine.file, log);
  log.info({ connections: Object.keys(loaded.workspace.connections).length, models: graders.length }, 'the node runs');

  return {
    url: http.url,
    failed,
    idle: async () => {
      await reviewed;
      do {
        await new Promise((done) => setTimeout(done, 5));
        await time.turn();
        await inboxes.settled();
      } while (functions.busy() || inboxes.busy());
      await time.settled();
    },
    stop: async () => {
      stopping = true;
      await http.stop();
      await inboxes.stop();
      await time.stop();
      await Promise.all(readers.map((reader) => reader.stop()));
      await reviewed;
      await time.settled();
      await checkpoints.stop();
      engine.close();
      log.info({}, 'the node stopped');
    },
  };
};

const wireFunctions = ({ loaded, settings, tenant, clock, log, engine }: NodeParts) => {
  const { workspace, models, playbooks, folder } = loaded;
  const secretOf = (ref: Parameters<typeof resolveSecret>[0]): string => resolveSecret(ref, { folder });
  const crms = connectAll(loaded, engine, clock, secretOf);
  const sources = new Map([...crms].map(([name, crm]) => [ConnectionId.parse(name), crm]));
  const writers = new Map(
    [...crms].flatMap(([name, { writer }]) => (writer === undefined ? [] : [[name, writer] as const])),
  );
  const graders = models.map(({ model, hash }) => compileModel(model, hash));
  const shared = { tenant, clock, log, ...engine };
  const { newLedgerKey } = settings;
  const positions = [
    { topic: topics.webhooks, group: groups.resolveRecords },
    { topic: topics.events, group: groups.gradeCustomers },
    { topic: topics.changes, group: groups.actOnChanges },
  ] as const;
  return {
    sources,
    graders,
    positions,
    busy: () => positions.some(({ topic, group }) => engine.stream.oldestUnfinished(topic, group) !== undefined),
    resolving: wireResolveRecords({ ...shared, connections: sources }),
    grading: wireGradeCustomers({ ...shared, graders, ...(newLedgerKey === undefined ? {} : { newLedgerKey }) }),
    acting: wireActOnChanges({
      ...shared,
      workspace,
      playbooks,
      graders,
      reasons: reasonsOf(loaded),
      writers,
      resolveSecret: secretOf,
    }),
  };
};

const reasonsOf = ({ models, workspace }: LoadedWorkspace) => {
  const byId = new Map(models.map(({ model }) => [model.id, model]));
  return (change: Parameters<typeof reasonSentences>[0], language: 'zh' | 'en'): readonly string[] => {
    const model = byId.get(change.model.id);
    return model === undefined ? [] : reasonSentences(change, model, language, workspace.timezone);
  };
};

const connectAll = (
  { workspace }: LoadedWorkspace,
  { tokens }: Engine,
  clock: Clock,
  secretOf: (ref: Parameters<typeof resolveSecret>[0]) => string,
): ReadonlyMap<string, ConnectedCrm> =>
  new Map(
    Object.entries(workspace.connections).map(([name, connection]) => [
      name,
      connectCrm(name, connection, {
        currency: workspace.currency,
        timezone: workspace.timezone,
        tokens,
        holder: randomUUID(),
        wallNow: clock.wallNow,
        random: Math.random,
        uuid: randomUUID,
        sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
        resolveSecret: secretOf,
      }),
    ]),
  );

const failure = (): { readonly failed: Promise<PipelineError>; readonly fail: (error: PipelineError) => void } => {
  let fail: (error: PipelineError) => void = () => undefined;
  const failed = new Promise<PipelineError>((resolveFailed) => {
    fail = resolveFailed;
  });
  return { failed, fail };
};
