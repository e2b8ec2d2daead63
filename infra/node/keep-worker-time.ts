import { randomUUID } from 'node:crypto';
import { auditLease } from '../../functions/ground/audit-lease.ts';
import type { Ground } from '../../functions/ground/open-ground.ts';
import { publishLease } from '../../functions/ground/publish-lease.ts';
import { readLease, readLeaseMs, readRestMs } from '../../functions/ground/read-lease.ts';
import { wireKeepTime } from '../../functions/keep-time/wire.ts';
import { dynamoDbMemory } from '../../shared/adapters/dynamodb/memory.ts';
import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import type { FunctionName } from '../../shared/definitions/functions.ts';
import { limits } from '../../shared/definitions/limits.ts';
import type { ConnectionId, TenantId } from '../../shared/domain/ids.ts';
import { specsInForce } from '../../shared/grading/in-force.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { ModelsInForce } from '../../shared/usecases/models-in-force.ts';
import { moveRelayed } from '../../shared/usecases/move-relayed.ts';
import { moveSpilled } from '../../shared/usecases/move-spilled.ts';
import type { ReadBackResult } from '../../shared/usecases/read-back.ts';
import type { GroundWatch } from './check-ground.ts';
import { keepAuditing } from './keep-auditing.ts';
import { keepPublishing } from './keep-publishing.ts';
import { keepTicking, type Ticking } from './keep-ticking.ts';
import { readInboxes } from './read-inboxes.ts';
import type { Stages } from './wire-stages.ts';
import type { LoadedWorkspace } from './workspace/load-workspace.ts';

export interface WorkerTimeParts extends Ground {
  readonly loaded: LoadedWorkspace;
  readonly tenant: TenantId;
  readonly engine: KafkaDynamoDbEngine;
  readonly stages: Stages;
  readonly models: ModelsInForce;
  readonly watch: GroundWatch;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly runs: (name: FunctionName) => boolean;
}

export interface WorkerTime extends Ticking {
  /** Something may have come into an inbox. */
  readBack(): void;
  /** Something was decided, or is due. */
  sendNew(): void;
}

/** Index look-ups cost money on an idle day, too. */
const turnMs = 5_000;
const sweepMs = 30_000;
const spillMs = 2_000;
const relayMs = 5_000;
const givenUpAfterMs = 5 * 60_000;
/** Between two looks whether something was published. */
const publishMs = 10_000;
/** Reviews that may wait while a model is published: a live event finds at most so many before it, over all partitions. */
const mostUnread = 2_000;
/** Between two looks how far the groups are: each asks the cluster. */
const lookMs = 500;
/** Before it is looked again whether another process still reads. */
const othersPauseMs = 2_000;

/** Drives everything that happens by the clock in this process. Several may do so: what is due is claimed, CRMs are read under a lease. */
export const keepWorkerTime = (parts: WorkerTimeParts): WorkerTime => {
  const { stages, clock, log, stream, spill, relay, tokens, metrics } = parts;
  const { resolving, grading, acting } = stages;
  const { keep, sweep } = wireKeepTime({
    ...parts,
    // a customer's events are decided in the order of their topic, and a review stands behind what is on it already
    settledUntil: clock.businessNow,
    publishOwedChanges: grading.publishOwed,
    publishOwedEvents: resolving.publishOwed,
  });
  const readers = [...stages.sources].flatMap(([name, { reader }]) => (reader === undefined ? [] : [name]));
  const lease = readLease({ tokens, clock, holder: randomUUID() });
  const leased = async (connection: ConnectionId): Promise<ReadBackResult> => {
    // whoever holds it reads for all
    if (!(await lease(connection, readLeaseMs))) return { read: 0, waitMs: othersPauseMs };
    const result = await resolving.readBack(connection);
    if (result.waitMs === undefined) await lease(connection, readRestMs);
    return result;
  };
  const inboxes = readInboxes(leased, readers, log);
  const sender = backgroundSender(acting.sendNew, log);

  const once = (work: () => Promise<unknown>) => async (): Promise<boolean> => {
    await work();
    return false;
  };
  const tickings: Ticking[] = [];
  if (parts.runs('keep-time')) {
    tickings.push(
      keepTicking(
        'keep-time',
        turnMs,
        async () => {
          const { reviews, actions } = await keep();
          inboxes.poke();
          return reviews + actions > 0;
        },
        log,
      ),
      keepTicking('sweep', sweepMs, once(sweep), log),
      keepTicking(
        'spill',
        spillMs,
        once(async () => {
          const moved = await moveSpilled({ spill, stream, clock });
          if (moved > 0) log.info({ hints: moved }, 'moved what was spilled to the stream');
        }),
        log,
      ),
      keepTicking(
        'relay',
        relayMs,
        once(async () => {
          const moved = await moveRelayed({ relay, stream, clock, log });
          if (moved > 0) log.info({ records: moved }, 'brought what waited in the relay to its topics');
        }),
        log,
      ),
      keepTicking(
        'figures',
        sweepMs,
        once(async () => {
          const spilled = await spill.count();
          metrics.level(
            'receive-webhook',
            'waiting',
            [...spilled.values()].reduce((sum, hints) => sum + hints, 0),
          );
          const accounts = await parts.records.readAccounts(parts.tenant);
          metrics.level(
            'resolve-records',
            'waiting',
            accounts.reduce((sum, { waiting }) => sum + waiting, 0),
          );
        }),
        log,
      ),
      // by itself: what the store does not answer must not freeze what Kafka tells
      keepTicking('lag', sweepMs, once(parts.watch.readLag), log),
    );
    const memory = dynamoDbMemory({ client: parts.client, table: parts.engine.dynamodb.table, tenant: parts.tenant });
    tickings.push(
      keepPublishing({
        ...{ ...parts, lookMs, mostUnread, everyMs: publishMs, cacheMs: limits.pointerCacheMs },
        progress: parts.watch.progress,
        reviewedAsOf: clock.businessNow,
        summarise: acting.summarise,
        lease: publishLease({ tokens, clock, holder: randomUUID() }),
      }),
      keepAuditing({
        ...{ ...parts, memory },
        currentSpecs: async () => specsInForce(await parts.models.current()),
        timezone: parts.loaded.workspace.timezone,
        lease: auditLease({ tokens, clock, holder: randomUUID() }),
      }),
    );
  }
  if (parts.runs('act-on-changes') || parts.runs('keep-time'))
    tickings.push(
      keepTicking(
        'recover',
        sweepMs,
        once(() => acting.recover(givenUpAfterMs)),
        log,
      ),
    );
  return {
    readBack: inboxes.poke,
    sendNew: sender.send,
    stop: async () => {
      await inboxes.stop();
      await Promise.all(tickings.map((ticking) => ticking.stop()));
      await sender.settled();
    },
  };
};

/** One send after the other; a failure is logged, and what is unsent falls due again. */
const backgroundSender = (sendNew: () => Promise<void>, log: Log) => {
  let sending: Promise<void> = Promise.resolve();
  return {
    settled: () => sending,
    send: (): void => {
      sending = Promise.all([sending, sendNew()]).then(
        () => undefined,
        (error: unknown) => {
          log.error(
            { failure: error instanceof Error ? error.message : 'unknown' },
            'sending failed; what is unsent falls due again',
          );
        },
      );
    },
  };
};
