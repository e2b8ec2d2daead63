import type { FunctionName } from '../../shared/definitions/functions.ts';
import { groups, topics } from '../../shared/definitions/topics.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { Consumption, Stream, Subscription, Work } from '../../shared/ports/stream.ts';
import { wholly } from '../../shared/usecases/wholly.ts';
import type { WorkerTime } from './keep-worker-time.ts';
import type { Stages } from './wire-stages.ts';

export interface SubscribeParts {
  readonly stream: Stream;
  readonly stages: Stages;
  readonly time: WorkerTime;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly runs: (name: FunctionName) => boolean;
}

/** Large enough that one read serves many customers. */
const batchSize = 200;

/** Feeds the stages that run here from their topics. A batch of which something has to come again comes again whole. */
export const subscribeStages = async (parts: SubscribeParts): Promise<Consumption> => {
  const { stream, stages, time, runs } = parts;
  const { resolving, grading, acting } = stages;
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
      await process(batch);
      after();
    });
    consumptions.push(consumption);
  };
  await feed(
    'resolve-records',
    { topic: topics.webhooks, group: groups.resolveRecords },
    resolving.process,
    time.readBack,
  );
  await feed('grade-customers', { topic: topics.events, group: groups.gradeCustomers }, grading.process);
  await feed('act-on-changes', { topic: topics.changes, group: groups.actOnChanges }, acting.process, time.sendNew);
  return {
    stop: async () => {
      await Promise.all(consumptions.map((consumption) => consumption.stop()));
    },
  };
};

const nothing = (): void => undefined;
