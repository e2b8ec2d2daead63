import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Topic } from '../../definitions/topics.ts';
import type { Received } from '../../ports/stream.ts';
import { whileBeating } from './beating.ts';
import { connectKafka, type KafkaConnection } from './connect.ts';
import { failureOf } from './failure-of.ts';
import { type HandOver, handOver } from './hand-over.ts';
import { receivedOf } from './received.ts';
import { kafkaSockets } from './sockets.ts';
import { topicEnds } from './topic-offsets.ts';
import { withAdmin } from './with-admin.ts';
import { within } from './within.ts';

export interface ReadOptions {
  /** The first offset wanted, by partition. The first that is there by default. */
  readonly from?: ReadonlyMap<number, number>;
}

/** What is still to be read of one partition: from `next` to before `end`. */
interface Stretch {
  next: number;
  readonly end: number;
}

const patienceMs = 30_000;
const leavePatienceMs = 5_000;

/**
 * Reads what is on a topic at the moment of the call; records of one partition in order, partitions in turns. Nothing is
 * committed, and the temporary group (`read-…`, after the prefix) that reading takes is deleted afterwards, also when the
 * caller stops early.
 *
 * @throws {PipelineError} `STREAM_UNAVAILABLE`, retryable, also where the topic is not there; `CONFIG_INVALID` where the
 * cluster refuses us.
 */
export async function* readTopic(
  connection: KafkaConnection,
  topic: Topic,
  { from }: ReadOptions = {},
): AsyncGenerator<Received, void, undefined> {
  const { prefix = '' } = connection;
  const failed = `could not read ${topic}`;
  const ends = await withAdmin(connection, failed, (admin) => topicEnds(admin, `${prefix}${topic}`));
  const stretches = new Map(
    [...ends].map(([partition, { low, end }]) => [
      partition,
      { next: Math.max(low, from?.get(partition) ?? low), end },
    ]),
  );
  if (isRead(stretches)) return;
  const groupId = `${prefix}read-${randomUUID()}`;
  const sockets = kafkaSockets();
  let wanted = true;
  const consumer = connectKafka(connection, sockets).consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 200,
    retry: { restartOnFailure: () => Promise.resolve(wanted) },
  });
  const over = handOver<readonly Received[]>();
  try {
    await start(consumer, { name: `${prefix}${topic}`, topic, stretches, over });
    for (;;) {
      const batch = await within(patienceMs, over.take());
      if (batch === undefined) return;
      yield* batch;
    }
  } catch (cause) {
    throw failureOf(failed, cause);
  } finally {
    wanted = false;
    over.abandon();
    await within(
      leavePatienceMs,
      consumer.stop().then(() => consumer.disconnect()),
    ).catch(goAnyway);
    sockets.abandon();
    await withAdmin(connection, failed, (admin) => admin.deleteGroups([groupId])).catch(goAnyway);
  }
}

const goAnyway = (): void => {
  // the coordinator forgets an empty group without offsets by itself
};

interface Reading {
  /** As the cluster calls it. */
  readonly name: string;
  readonly topic: Topic;
  readonly stretches: ReadonlyMap<number, Stretch>;
  readonly over: HandOver<readonly Received[]>;
}

const start = async (consumer: Consumer, reading: Reading): Promise<void> => {
  const { name, stretches, over } = reading;
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) over.fail(payload.error);
  });
  consumer.on(consumer.events.GROUP_JOIN, () => {
    for (const [partition, { next }] of stretches) consumer.seek({ topic: name, partition, offset: String(next) });
  });
  await consumer.connect();
  await consumer.subscribe({ topic: name, fromBeginning: true });
  const eachBatch = (payload: EachBatchPayload) => readBatch(payload, reading);
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch });
};

/** A batch may come again, from the first record on, after the group was dealt out anew: what was read is left out. */
const readBatch = async (payload: EachBatchPayload, { topic, stretches, over }: Reading): Promise<void> => {
  const { batch } = payload;
  const stretch = stretches.get(batch.partition);
  if (stretch === undefined) return;
  const wanted = batch.messages.filter(({ offset }) => Number(offset) >= stretch.next && Number(offset) < stretch.end);
  const records = wanted.map((message) => receivedOf(message, topic, batch.partition));
  if (records.length > 0) await whileBeating(payload, () => over.give(records));
  stretch.next = Math.max(stretch.next, Number(batch.lastOffset()) + 1);
  payload.resolveOffset(batch.lastOffset());
  if (stretch.next >= stretch.end) payload.pause();
  if (isRead(stretches)) over.end();
};

const isRead = (stretches: ReadonlyMap<number, Stretch>): boolean =>
  [...stretches.values()].every(({ next, end }) => next >= end);
