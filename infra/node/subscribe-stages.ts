import type { FunctionName } from '../../shared/definitions/functions.ts';
import { groups, topics } from '../../shared/definitions/topics.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { Consumption, Stream, Subscription, Work } from '../../shared/ports/stream.ts';
import { loggedFailure } from '../../shared/runtime/logged-failure.ts';
import { wholly } from '../../shared/usecases/wholly.ts';
import type { WorkerTime } from './keep-worker-time.ts';
import type { Stages } from './wire-stages.ts';

export interface SubscribeParts {
  readonly stream: Stream;
  readonly stages: Stages;
  readonly time: WorkerTime;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly runs: (name: FunctionName) => boolean;
}

/** Large enough that one read serves many customers. */
const batchSize = 200;

/** Feeds the stages that run here from their topics. A batch of which something has to come again comes again whole. */
export const subscribeStages = async (parts: SubscribeParts): Promise<Consumption> => {
  const { stream, stages, time, runs } = parts;
  const { resolving, grading, ranking, acting } = stages;
  const consumptions: Consumption[] = [];
  const feed = async (
    name: FunctionName,
    subscription: Omit<Subscription, 'batchSize'>,
    work: Work,
    after = nothing,
  ) => {
    if (!runs(name)) return;
    const process = wholly(work);
    const consumption = await stream.subscribe({ ...subscription, batchSize }, async (batch) => {
      const oldest = batch[0]?.at ?? parts.clock.businessNow();
      parts.metrics.level(name, 'oldest', Math.max(0, parts.clock.businessNow() - oldest) / 1_000);
      try {
        await process(batch);
      } catch (error) {
        parts.metrics.count(name, 'retried', batch.length);
        parts.log.warn({ stage: name, records: batch.length, ...loggedFailure(error) }, 'a batch has to come again');
        throw error;
      }
      if (batch.length < batchSize) parts.metrics.level(name, 'oldest', 0);
      after();
    });
    consumptions.push(consumption);
  };
  const stop = async (): Promise<void> => {
    await Promise.all(consumptions.map((consumption) => consumption.stop()));
  };
  try {
    await feed(
      'resolve-records',
      { topic: topics.webhooks, group: groups.resolveRecords },
      resolving.process,
      time.readBack,
    );
    await feed('grade-customers', { topic: topics.events, group: groups.gradeCustomers }, grading.process);
    await feed('rank-cohorts', { topic: topics.cohorts, group: groups.rankCohorts }, ranking.process);
    await feed('act-on-changes', { topic: topics.changes, group: groups.actOnChanges }, acting.process, time.sendNew);
  } catch (error) {
    // a group that was joined already must not be joined again beside it
    await stop();
    throw error;
  }
  return { stop };
};

const nothing = (): void => undefined;
