import type { Topic } from '../../definitions/topics.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Work } from '../../ports/stream.ts';
import { loggedFailure } from '../../runtime/logged-failure.ts';
import type { Invocation } from './invocation.ts';
import { type PartitionBatch, partitionName, readKafkaEvent } from './kafka-event.ts';

export interface ConsumeDeps {
  readonly stage: string;
  /** The topic that the function is fed with. */
  readonly topic: Topic;
  /** What stands before every topic's name in the cluster. */
  readonly prefix: string;
  readonly work: Work;
  readonly clock: Pick<Clock, 'businessNow'>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * What has to come again (docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html). Lambda brings just the
 * listed records, so where a key failed, all its later ones are among them. An identifier that was not in the event would
 * bring everything again.
 */
export interface KafkaBatchResponse {
  readonly batchItemFailures: readonly {
    readonly itemIdentifier: { readonly partition: string; readonly offset: number };
  }[];
}

/** A partition is not begun with less time than this. */
const leastMs = 2_000;

/**
 * Works an event of a Kafka event source mapping, one partition after the other. Never throws: a partition that fails is
 * given back whole, the others go on. What can never be worked is logged, and not asked for again.
 */
export const consume =
  (deps: ConsumeDeps) =>
  async (event: unknown, invocation: Pick<Invocation, 'getRemainingTimeInMillis'>): Promise<KafkaBatchResponse> => {
    const read = readKafkaEvent(event, deps.prefix);
    if (read.outcome === 'unreadable') {
      deps.log.error({ stage: deps.stage, reason: read.reason }, 'this is no event of a Kafka event source mapping');
      return { batchItemFailures: [] };
    }
    tellAge(read.batches, deps);
    const again: { readonly partition: string; readonly offsets: readonly number[] }[] = [];
    for (const batch of read.batches) {
      const offsets = await workPartition(batch, invocation, deps);
      if (offsets.length > 0) again.push({ partition: partitionName(batch), offsets });
    }
    return {
      batchItemFailures: again.flatMap(({ partition, offsets }) =>
        offsets.map((offset) => ({ itemIdentifier: { partition, offset } })),
      ),
    };
  };

/** How long the oldest of these records waited: a partition is in order, so its first one did. */
const tellAge = (batches: readonly PartitionBatch[], { stage, clock, metrics }: ConsumeDeps): void => {
  const first = batches.flatMap((batch) => (batch.outcome === 'received' ? batch.records.slice(0, 1) : []));
  if (first.length === 0) return;
  const oldest = Math.min(...first.map(({ at }) => at));
  metrics.level(stage, 'oldest', Math.max(0, clock.businessNow() - oldest) / 1_000);
};

/** Returns the offsets that have to come again. */
const workPartition = async (
  batch: PartitionBatch,
  invocation: Pick<Invocation, 'getRemainingTimeInMillis'>,
  { stage, topic: wanted, work, log, metrics }: ConsumeDeps,
): Promise<readonly number[]> => {
  const { topic, partition } = batch;
  const place = { stage, topic, partition };
  if (batch.outcome === 'unstamped') {
    log.error({ ...place, ...loggedFailure(batch.error) }, 'the records of a topic are not stamped by the log');
    metrics.count(stage, 'retried', 1);
    return batch.offsets;
  }
  if (batch.outcome === 'foreign' || batch.records[0]?.topic !== wanted) {
    log.error(place, `passed over records of a topic that is not ${wanted}`);
    return [];
  }
  const offsets = batch.records.map(({ offset }) => offset);
  if (invocation.getRemainingTimeInMillis() < leastMs) {
    log.warn({ ...place, records: offsets.length }, 'gave a partition back: no time was left');
    metrics.count(stage, 'retried', 1);
    return offsets;
  }
  try {
    const again = await work(batch.records);
    if (again.length > 0) log.warn({ ...place, records: offsets.length, again: again.length }, 'gave records back');
    return again.map(({ offset }) => offset);
  } catch (error) {
    log.error({ ...place, records: offsets.length, ...loggedFailure(error) }, 'gave a partition back');
    metrics.count(stage, 'retried', 1);
    return offsets;
  }
};
