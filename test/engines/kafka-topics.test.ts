import type { Admin } from 'kafkajs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectKafka, type KafkaConnection } from '#shared/adapters/kafka/connect.ts';
import { createTopics } from '#shared/adapters/kafka/create-topics.ts';
import { kafkaOffsets } from '#shared/adapters/kafka/offsets.ts';
import { readTopic } from '#shared/adapters/kafka/read-topic.ts';
import { type KafkaStream, kafkaStream } from '#shared/adapters/kafka/stream.ts';
import { untilServed } from '#shared/adapters/kafka/until-served.ts';
import { groups, topics } from '#shared/definitions/topics.ts';
import type { Received } from '#shared/ports/stream.ts';
import { collector, readerOf } from '../contract/stream-reader.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { engineAddress } from './engine-address.ts';

const run = process.hrtime.bigint().toString(36);
let opened = 0;
const quick = { retryAfterMs: 20, maxWaitMs: 50 };
const unavailable = { code: 'STREAM_UNAVAILABLE', retryable: true };

const nowhere = (): KafkaConnection => ({
  brokers: engineAddress('KAFKA_BROKERS').split(','),
  clientId: 'regrade-test',
  log: quietLog(),
  prefix: `u${run}-${(opened += 1)}.`,
});

const freshConnection = async (partitions = 3): Promise<KafkaConnection> => {
  const connection = nowhere();
  await createTopics(connection, { partitions, replicationFactor: 1 });
  return connection;
};

const streamOf = (connection: KafkaConnection): KafkaStream => {
  const stream = kafkaStream({ ...connection, ...quick });
  onTestFinished(() => stream.close());
  return stream;
};

const asAdmin = async <T>(connection: KafkaConnection, work: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = connectKafka(connection).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
};

const nameOf = (connection: KafkaConnection): string => `${connection.prefix ?? ''}${topics.events}`;

const outgoing = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ key: `k${from + i}`, value: String(from + i) }));

const sorted = (values: Iterable<string>): readonly number[] => [...values].map(Number).sort((a, b) => a - b);
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
const distinct = (records: readonly Received[]): Set<string> => new Set(records.map(({ value }) => value));

describe('readTopic', () => {
  const readAll = async (connection: KafkaConnection, from?: ReadonlyMap<number, number>): Promise<Received[]> => {
    const records: Received[] = [];
    for await (const record of readTopic(connection, topics.events, from === undefined ? {} : { from }))
      records.push(record);
    return records;
  };

  it('reads every record of every partition, each partition in order, and leaves no group behind', async () => {
    const connection = await freshConnection();
    await streamOf(connection).append(topics.events, outgoing(0, 500));
    const records = await readAll(connection);
    expect(records).toHaveLength(500);
    expect(sorted(distinct(records))).toEqual(upTo(500));
    for (const partition of [0, 1, 2]) {
      const offsets = records.filter((record) => record.partition === partition).map(({ offset }) => offset);
      expect(offsets.length).toBeGreaterThan(0);
      expect(offsets).toEqual(offsets.map((_, i) => i));
    }
    expect(records[0]).toMatchObject({ topic: topics.events, at: expect.any(Number) as number });
    const left = await asAdmin(connection, (admin) => admin.listGroups());
    expect(left.groups.filter(({ groupId }) => groupId.startsWith(connection.prefix ?? ''))).toEqual([]);
  });

  it('reads nothing of an empty topic', async () => {
    expect(await readAll(await freshConnection())).toEqual([]);
  });

  it('starts where it is told to', async () => {
    const connection = await freshConnection(1);
    await streamOf(connection).append(topics.events, outgoing(0, 10));
    expect((await readAll(connection, new Map([[0, 7]]))).map(({ value }) => value)).toEqual(['7', '8', '9']);
    expect(await readAll(connection, new Map([[0, 10]]))).toEqual([]);
  });

  it('ends where the topic ended when it was asked, though more is appended meanwhile', async () => {
    const connection = await freshConnection(1);
    const stream = streamOf(connection);
    await stream.append(topics.events, outgoing(0, 5));
    const seen: string[] = [];
    for await (const { value } of readTopic(connection, topics.events)) {
      await stream.append(topics.events, outgoing(5 + seen.length, 1));
      seen.push(value);
    }
    expect(seen).toEqual(['0', '1', '2', '3', '4']);
  });

  it('lets its reader stop early', async () => {
    const connection = await freshConnection();
    await streamOf(connection).append(topics.events, outgoing(0, 500));
    let seen = 0;
    for await (const _ of readTopic(connection, topics.events)) if ((seen += 1) === 3) break;
    expect(seen).toBe(3);
    const left = await asAdmin(connection, (admin) => admin.listGroups());
    expect(left.groups.filter(({ groupId }) => groupId.startsWith(connection.prefix ?? ''))).toEqual([]);
  });

  it('rejects where the topic is not there', async () => {
    await expect(readAll(nowhere())).rejects.toMatchObject(unavailable);
  });
});

describe('kafkaOffsets', () => {
  const group = groups.gradeCustomers;

  it('counts everything as waiting for a group that was never there', async () => {
    const connection = await freshConnection();
    const offsets = kafkaOffsets(connection);
    expect(await offsets.lagOf(topics.events, group)).toBe(0);
    await streamOf(connection).append(topics.events, outgoing(0, 20));
    expect(await offsets.lagOf(topics.events, group)).toBe(20);
    expect((await offsets.placesOf(topics.events, group)).map(({ committed }) => committed)).toEqual(
      Array(3).fill(undefined),
    );
  });

  it('counts what was appended and not committed', async () => {
    const connection = await freshConnection(1);
    const stream = streamOf(connection);
    await stream.append(topics.events, outgoing(0, 5));
    const reader = readerOf(stream);
    await reader.start();
    await reader.sees(5);
    await reader.stop();
    const offsets = kafkaOffsets(connection);
    expect(await offsets.lagOf(topics.events, group)).toBe(0);
    await stream.append(topics.events, outgoing(5, 3));
    expect(await offsets.placesOf(topics.events, group)).toEqual([
      { partition: 0, low: 0, end: 8, committed: 5, lag: 3 },
    ]);
    expect(await offsets.ends(topics.events)).toEqual(new Map([[0, { low: 0, end: 8 }]]));
  });

  it('rejects where the topic is not there', async () => {
    const offsets = kafkaOffsets(nowhere());
    await expect(offsets.lagOf(topics.events, group)).rejects.toMatchObject(unavailable);
    await expect(offsets.ends(topics.events)).rejects.toMatchObject(unavailable);
  });
});

describe('a consumer group', () => {
  it('loses nothing while members come and go', { timeout: 60_000 }, async () => {
    const connection = await freshConnection(6);
    const seen = collector();
    const feeder = streamOf(connection);
    const feed = { goesOn: true };
    let appended = 0;
    const feeding = (async () => {
      for (; feed.goesOn; appended += 20) await feeder.append(topics.events, outgoing(appended, 20));
    })();
    const join = async () => {
      const reader = readerOf(streamOf(connection), { into: seen, batchSize: 10 });
      await reader.start();
      return reader;
    };
    const first = await join();
    const second = await join();
    await seen.until((records) => records.length > 100);
    await first.stop();
    const third = await join();
    await seen.until((records) => records.length > 400);
    await Promise.all([second.stop(), join()]);
    await third.stop();
    feed.goesOn = false;
    await feeding;
    await seen.until((records) => distinct(records).size === appended);
    expect(sorted(distinct(seen.records))).toEqual(upTo(appended));
  });

  it('keeps the partitions of a member whose batch takes longer than its session', { timeout: 60_000 }, async () => {
    const connection = await freshConnection(1);
    const stream = streamOf(connection);
    await stream.append(topics.events, outgoing(0, 3));
    const seen = collector();
    const slow = readerOf(stream, { into: seen, before: () => new Promise((resolve) => setTimeout(resolve, 13_000)) });
    await slow.start();
    await seen.until((records) => records.length >= 3);
    expect(slow.attempts).toHaveLength(1);
    expect(await kafkaOffsets(connection).lagOf(topics.events, groups.gradeCustomers)).toBe(0);
  });
});

describe("operators' changes", () => {
  it('reads partitions that were added, from their first record on, within thirty seconds', {
    timeout: 60_000,
  }, async () => {
    const connection = await freshConnection(1);
    const reader = readerOf(streamOf(connection));
    await reader.start();
    await streamOf(connection).append(topics.events, outgoing(0, 10));
    await reader.sees(10);
    await asAdmin(connection, (admin) =>
      admin.createPartitions({ topicPartitions: [{ topic: nameOf(connection), count: 4 }] }),
    );
    await asAdmin(connection, (admin) => untilServed(admin, nameOf(connection)));
    const began = performance.now();
    // a client that connects now knows all four at once; the reader has yet to notice
    await streamOf(connection).append(topics.events, outgoing(10, 40));
    await reader.until((records) => distinct(records).size === 50);
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(new Set(reader.records().map(({ partition }) => partition))).toEqual(new Set([0, 1, 2, 3]));
  });

  const recreate = (connection: KafkaConnection, partitions: number): Promise<void> =>
    asAdmin(connection, async (admin) => {
      await admin.deleteTopics({ topics: [nameOf(connection)] });
      for (let left = 100; left > 0 && (await admin.listTopics()).includes(nameOf(connection)); left -= 1)
        await new Promise((resolve) => setTimeout(resolve, 100));
      await createTopics(connection, { partitions, replicationFactor: 1 });
    });

  const readAndStop = async (connection: KafkaConnection, count: number): Promise<void> => {
    const stream = streamOf(connection);
    await stream.append(topics.events, outgoing(0, count));
    const reader = readerOf(stream);
    await reader.start();
    await reader.sees(count);
    await reader.stop();
    await stream.close();
  };

  it.each([
    ['before', 4],
    ['at', 10],
    ['after', 25],
  ])(
    'starts at the first record of a topic that was created anew and ends %s the place that was committed',
    {
      timeout: 60_000,
    },
    async (_, count) => {
      const connection = await freshConnection(1);
      await readAndStop(connection, 10);
      await recreate(connection, 1);
      const stream = streamOf(connection);
      await stream.append(topics.events, outgoing(100, count));
      const reader = readerOf(stream);
      await reader.start();
      await reader.until((records) => distinct(records).size === count);
      expect(sorted(reader.values())).toEqual(upTo(count).map((i) => i + 100));
      expect(await kafkaOffsets(connection).lagOf(topics.events, groups.gradeCustomers)).toBe(0);
    },
  );

  it('starts at the first record of a topic that was created anew while it ran', { timeout: 60_000 }, async () => {
    const connection = await freshConnection(1);
    const reader = readerOf(streamOf(connection));
    await reader.start();
    const first = streamOf(connection);
    await first.append(topics.events, outgoing(0, 10));
    await reader.sees(10);
    await recreate(connection, 1);
    await streamOf(connection).append(topics.events, outgoing(100, 20));
    await reader.until((records) => distinct(records).size === 30);
    expect(sorted(distinct(reader.records().slice(-20)))).toEqual(upTo(20).map((i) => i + 100));
  });

  it('goes on where it was when the topic is the one it read', { timeout: 60_000 }, async () => {
    const connection = await freshConnection(1);
    await readAndStop(connection, 10);
    const stream = streamOf(connection);
    await stream.append(topics.events, outgoing(10, 5));
    const reader = readerOf(stream);
    await reader.start();
    await reader.sees(5);
    expect(reader.values()).toEqual(['10', '11', '12', '13', '14']);
  });
});
