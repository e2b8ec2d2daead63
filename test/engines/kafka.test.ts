import { describe, expect, it, onTestFinished } from 'vitest';
import { connectKafka } from '#shared/adapters/kafka/connect.ts';
import { createTopics } from '#shared/adapters/kafka/create-topics.ts';
import { type KafkaStream, kafkaStream } from '#shared/adapters/kafka/stream.ts';
import { untilServed } from '#shared/adapters/kafka/until-served.ts';
import { groups, topics } from '#shared/definitions/topics.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import type { Log } from '#shared/ports/log.ts';
import { streamContract } from '../contract/stream.ts';
import { gateOf, readerOf } from '../contract/stream-reader.ts';
import { engineAddress } from './engine-address.ts';

const brokers = engineAddress('KAFKA_BROKERS').split(',');
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const run = process.hrtime.bigint().toString(36);
let opened = 0;

/** Topics and groups of its own: a broker outlives the test. */
const freshConnection = () => ({ brokers, clientId: 'regrade-test', log: silent, prefix: `t${run}-${(opened += 1)}.` });
const quick = { retryAfterMs: 20, maxWaitMs: 50 };

streamContract(
  'Kafka',
  async () => {
    const connection = freshConnection();
    await createTopics(connection, { partitions: 2, replicationFactor: 1 });
    const streams: KafkaStream[] = [];
    const another = async (): Promise<KafkaStream> => {
      const stream = kafkaStream({ ...connection, ...quick });
      streams.push(stream);
      return stream;
    };
    return {
      stream: await another(),
      another,
      close: async () => {
        await Promise.all(streams.map((stream) => stream.close()));
      },
    };
  },
  { stamps: 'log', timeoutMs: 30_000 },
);

describe('kafkaStream', () => {
  it('creates the topics once', async () => {
    const connection = freshConnection();
    const settings = { partitions: 1, replicationFactor: 1, retentionMs: { [topics.dead]: 3_600_000 } };
    const created = await createTopics(connection, settings);
    expect([...created].sort()).toEqual(
      Object.values(topics)
        .map((topic) => `${connection.prefix}${topic}`)
        .sort(),
    );
    expect(await createTopics(connection, settings)).toEqual([]);
  });

  it('ends at a record that its sender stamped, names the cure, and calls none of it done', async () => {
    const connection = freshConnection();
    const topic = `${connection.prefix}${topics.events}`;
    const admin = connectKafka(connection).admin();
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 1, replicationFactor: 1 }] });
    await untilServed(admin, topic);
    await admin.disconnect();
    const ended = gateOf();
    const failures: PipelineError[] = [];
    const stream = kafkaStream({
      ...connection,
      ...quick,
      onGivenUp: (error) => {
        failures.push(error);
        ended.open();
      },
    });
    onTestFinished(() => stream.close());
    await stream.append(topics.events, [{ key: 'k', value: 'v' }]);
    const reader = readerOf(stream);
    await reader.start();
    await ended.passed;
    expect(reader.attempts).toEqual([]);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ code: 'CONFIG_INVALID', retryable: false });
    expect(failures[0]?.message).toContain(`--entity-name ${topic} --add-config message.timestamp.type=LogAppendTime`);
  });

  it('ends where the settings are wrong, and at nothing else: one bad record must not end every worker', async () => {
    const connection = freshConnection();
    await createTopics(connection, { partitions: 1, replicationFactor: 1 });
    const ended = gateOf();
    const stream = kafkaStream({ ...connection, ...quick, onGivenUp: () => ended.open() });
    onTestFinished(() => stream.close());
    await stream.append(topics.events, [{ key: 'k', value: 'v' }]);
    const failures = [
      new PipelineError('STORE_CORRUPT', 'damaged', { retryable: false }),
      new PipelineError('CONFIG_INVALID', 'wrong', { retryable: false }),
    ];
    const reader = readerOf(stream, { before: () => Promise.reject(failures.shift()!) });
    await reader.start();
    await ended.passed;
    expect(reader.attempts).toHaveLength(2);
  });

  it('appends more than one request takes, in order', async () => {
    const connection = freshConnection();
    await createTopics(connection, { partitions: 1, replicationFactor: 1 });
    const stream = kafkaStream({ ...connection, ...quick });
    onTestFinished(() => stream.close());
    const filler = 'x'.repeat(200_000);
    const values = Array.from({ length: 12 }, (_, i) => `${i} ${filler}`);
    await Promise.all([
      stream.append(
        topics.events,
        values.slice(0, 8).map((value) => ({ key: 'k', value })),
      ),
      ...values.slice(8).map((value) => stream.append(topics.events, [{ key: 'k', value }])),
    ]);
    const reader = readerOf(stream);
    await reader.start();
    await reader.sees(12);
    expect(reader.values().map((value) => value.split(' ')[0])).toEqual(values.map((_, i) => String(i)));
  });

  it('says that the stream is unavailable when no broker answers, within seconds', async () => {
    const stream = kafkaStream({ ...freshConnection(), brokers: ['127.0.0.1:1'] });
    onTestFinished(() => stream.close());
    const unavailable = { code: 'STREAM_UNAVAILABLE', retryable: true };
    await expect(stream.append(topics.events, [{ key: 'k', value: 'v' }])).rejects.toMatchObject(unavailable);
    await expect(stream.append(topics.events, [{ key: 'k', value: 'v' }])).rejects.toMatchObject(unavailable);
  });

  it('refuses to append to a topic that nobody created', async () => {
    const stream = kafkaStream({ ...freshConnection(), ...quick });
    onTestFinished(() => stream.close());
    await expect(stream.append(topics.events, [{ key: 'k', value: 'v' }])).rejects.toMatchObject({
      code: 'STREAM_UNAVAILABLE',
    });
    const subscription = { topic: topics.events, group: groups.gradeCustomers, batchSize: 10 };
    await expect(stream.subscribe(subscription, async () => undefined)).rejects.toMatchObject({
      code: 'STREAM_UNAVAILABLE',
    });
  });
});
