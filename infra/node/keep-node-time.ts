import type { wireActOnChanges } from '../../functions/act-on-changes/wire.ts';
import type { wireGradeCustomers } from '../../functions/grade-customers/wire.ts';
import { wireKeepTime } from '../../functions/keep-time/wire.ts';
import type { wireResolveRecords } from '../../functions/resolve-records/wire.ts';
import { groups, topics } from '../../shared/definitions/topics.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { systemClock } from '../../shared/runtime/clocks.ts';
import { keepTicking } from './keep-ticking.ts';
import type { Engine } from './open-engine.ts';
import type { Inboxes } from './read-inboxes.ts';

export interface NodeTimeParts {
  readonly tenant: TenantId;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Log;
  readonly resolving: ReturnType<typeof wireResolveRecords>;
  readonly grading: ReturnType<typeof wireGradeCustomers>;
  readonly acting: ReturnType<typeof wireActOnChanges>;
  readonly inboxes: Inboxes;
}

const turnMs = 200;
const sweepMs = 30_000;
const givenUpAfterMs = 5 * 60_000;
const pruneMs = 10 * 60_000;
/** What is done with stays on the stream this long, for looking back and for replay. */
const retentionMs = 7 * 86_400_000;

/** Drives everything that happens by the clock. A turn is an index look-up where nothing is due. */
export const keepNodeTime = (parts: NodeTimeParts) => {
  const { tenant, engine, clock, log, resolving, grading, acting, inboxes } = parts;
  const { keep, sweep } = wireKeepTime({
    ...engine,
    tenant,
    clock,
    settledUntil: () => settledUntil(engine, clock),
    publishOwedChanges: grading.publishOwed,
    publishOwedEvents: resolving.publishOwed,
  });

  let sending: Promise<void> = Promise.resolve();
  const sendDue = (): void => {
    sending = Promise.all([sending, acting.sendDue()]).then(
      () => undefined,
      (error: unknown) => {
        log.error(
          { failure: error instanceof Error ? error.message : 'unknown' },
          'sending failed; what is unsent falls due again',
        );
      },
    );
  };
  let remembered = 0;
  const turn = async (): Promise<boolean> => {
    const now = clock.businessNow();
    // a simulated clock goes on where it was, and whoever looks into the store sees its time
    if (clock !== systemClock && now !== remembered) await engine.memory.remember('business-time', String(now));
    remembered = now;
    const { reviews, actions } = await keep();
    inboxes.poke();
    if (actions > 0) sendDue();
    return reviews + actions > 0;
  };

  const tickings = [
    keepTicking('keep-time', turnMs, turn, log),
    // what a failed write of results left in flight
    keepTicking(
      'recover',
      sweepMs,
      async () => {
        await acting.recover(givenUpAfterMs);
        return false;
      },
      log,
    ),
    keepTicking(
      'sweep',
      sweepMs,
      async () => {
        await sweep();
        return false;
      },
      log,
    ),
    keepTicking(
      'prune',
      pruneMs,
      async () => {
        engine.stream.prune(clock.businessNow() - retentionMs);
        return false;
      },
      log,
    ),
  ];
  return {
    turn,
    sendDue,
    settled: () => sending,
    stop: async () => {
      await Promise.all(tickings.map((ticking) => ticking.stop()));
    },
  };
};

/** The append instant of the oldest thing that is under way, or now when nothing is. */
export const settledUntil = ({ stream, intake }: Engine, clock: Clock): number =>
  Math.min(
    intake.oldestWaiting() ?? clock.businessNow(),
    stream.oldestUnfinished(topics.webhooks, groups.resolveRecords) ?? clock.businessNow(),
    stream.oldestUnfinished(topics.events, groups.gradeCustomers) ?? clock.businessNow(),
    stream.oldestUnfinished(topics.cohorts, groups.rankCohorts) ?? clock.businessNow(),
    stream.oldestUnfinished(topics.changes, groups.actOnChanges) ?? clock.businessNow(),
  );
