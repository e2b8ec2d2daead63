import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { kafkaAppender } from '#shared/adapters/kafka/appender.ts';
import type { KafkaConnection } from '#shared/adapters/kafka/connect.ts';
import { createTopics } from '#shared/adapters/kafka/create-topics.ts';
import { enduringProducer } from '#shared/adapters/kafka/enduring-producer.ts';
import { kafkaIntake } from '#shared/adapters/kafka/intake.ts';
import { readTopic } from '#shared/adapters/kafka/read-topic.ts';
import { type KafkaStream, kafkaStream } from '#shared/adapters/kafka/stream.ts';
import { memorySpill } from '#shared/adapters/memory/spill.ts';
import { topics } from '#shared/definitions/topics.ts';
import { type Hint, outgoingHint } from '#shared/domain/hint.ts';
import type { ConnectionId, TenantId } from '#shared/domain/ids.ts';
import { moveSpilled } from '#shared/usecases/move-spilled.ts';
import { collector, readerOf } from '../contract/stream-reader.ts';
import { handClock } from '../kit/hand-clock.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { type OwnKafka, ownKafka } from './own-kafka.ts';

let kafka: OwnKafka;
beforeAll(async () => {
  kafka = await ownKafka();
}, 120_000);
afterAll(() => kafka.close(), 30_000);

let opened = 0;
const quick = { retryAfterMs: 20, maxWaitMs: 50 };

const freshConnection = async (partitions = 2): Promise<KafkaConnection> => {
  const connection = {
    brokers: [kafka.way.address],
    clientId: 'regrade-test',
    log: quietLog(),
    prefix: `o${(opened += 1)}.`,
  };
  await createTopics(connection, { partitions, replicationFactor: 1 });
  return connection;
};

const streamOf = (connection: KafkaConnection): KafkaStream => {
  const stream = kafkaStream({ ...connection, ...quick });
  onTestFinished(() => stream.close());
  return stream;
};

const tookMs = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

const outgoing = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ key: `k${(from + i) % 7}`, value: String(from + i) }));

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

describe('an appender whose connection dies without a word', () => {
  it('goes on over a new one', { timeout: 30_000 }, async () => {
    const stream = streamOf(await freshConnection());
    await stream.append(topics.events, outgoing(0, 1));
    kafka.way.forget();
    expect(await tookMs(() => stream.append(topics.events, outgoing(1, 1)))).toBeLessThan(8_000);
    expect(await tookMs(() => stream.append(topics.events, outgoing(2, 1)))).toBeLessThan(1_000);
  });

  it('does not even try one that was idle for more than four minutes', async () => {
    const connection = await freshConnection();
    const clock = handClock(0);
    const appender = kafkaAppender(enduringProducer(connection, { wallNow: clock.wallNow }));
    onTestFinished(() => appender.close());
    const name = `${connection.prefix ?? ''}${topics.events}`;
    await appender.append(name, outgoing(0, 1));
    kafka.way.forget();
    clock.passWall(241_000);
    expect(await tookMs(() => appender.append(name, outgoing(1, 1)))).toBeLessThan(2_000);
  });

  it('goes on after its connections were torn down', async () => {
    const stream = streamOf(await freshConnection());
    await stream.append(topics.events, outgoing(0, 1));
    kafka.way.reset();
    expect(await tookMs(() => stream.append(topics.events, outgoing(1, 1)))).toBeLessThan(3_000);
  });

  it('rejects at the deadline, appends again within ten seconds of healing, and closes while nobody answers', {
    timeout: 60_000,
  }, async () => {
    const connection = await freshConnection();
    const stream = streamOf(connection);
    await stream.append(topics.events, outgoing(0, 1));
    kafka.way.swallow();
    onTestFinished(() => kafka.way.heal());
    const late = tookMs(() =>
      expect(stream.append(topics.events, outgoing(1, 1), { deadlineMs: 500 })).rejects.toMatchObject({
        code: 'STREAM_UNAVAILABLE',
        retryable: true,
      }),
    );
    expect(await late).toBeLessThan(1_000);
    const doomed = kafkaStream({ ...connection, ...quick });
    const refused = expect(doomed.append(topics.events, outgoing(2, 1))).rejects.toMatchObject({ retryable: true });
    expect(await tookMs(() => doomed.close())).toBeLessThan(12_000);
    await refused;
    kafka.way.heal();
    const began = performance.now();
    while (!(await stream.append(topics.events, outgoing(3, 1)).then(Boolean.bind(null, true), () => false)));
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

const hintsOf = (delivery: number): readonly Hint[] =>
  ['a', 'b'].map((object) => ({
    tenant: 'acme' as TenantId,
    connection: 'shop' as ConnectionId,
    object,
    id: String(delivery),
    operation: 'upsert' as const,
    delivery: `d${delivery}`,
    receivedAt: 1_000,
  }));

const valuesOn = async (connection: KafkaConnection): Promise<Set<string>> => {
  const values = new Set<string>();
  for await (const { value } of readTopic(connection, topics.webhooks)) values.add(value);
  return values;
};

describe('an intake whose stream is swallowed by the network', () => {
  it('answers every delivery within three seconds and loses none', { timeout: 90_000 }, async () => {
    const connection = await freshConnection();
    const stream = streamOf(connection);
    const spill = memorySpill();
    const clock = handClock(1_000);
    const waiting = async (): Promise<number> => (await spill.count()).get('shop') ?? 0;
    const log = quietLog();
    const counted: string[] = [];
    const metrics = {
      count: (stage: string, what: string, by: number) => void counted.push(`${stage} ${what} ${by}`),
      level: () => undefined,
      took: () => undefined,
    };
    const intake = kafkaIntake({ stream, spill, metrics, log, clock });
    const times: number[] = [];
    const accept = async (delivery: number): Promise<void> => {
      times.push(await tookMs(() => intake.accept(hintsOf(delivery))));
    };
    for (let i = 0; i < 20; i += 1) await accept(i);
    expect([await waiting(), log.lines.length]).toEqual([0, 0]);

    kafka.way.swallow();
    onTestFinished(() => kafka.way.heal());
    await Promise.all(Array.from({ length: 100 }, (_, i) => accept(20 + i)));
    const began = performance.now();
    for (let i = 120; i < 320; i += 1) await accept(i);
    expect(performance.now() - began, 'those that come later do not wait for the stream').toBeLessThan(1_500);
    expect(Math.max(...times)).toBeLessThan(3_000);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn']);
    expect(await waiting(), 'two hints each').toBe(600);
    expect(counted).toEqual(Array<string>(300).fill('receive-webhook spilled 1'));

    kafka.way.heal();
    const healed = performance.now();
    expect(await moveSpilled({ spill, stream, clock })).toBe(600);
    expect(performance.now() - healed).toBeLessThan(10_000);
    for (let i = 320; log.lines.length === 1; i += 1) await accept(i);
    expect(log.lines.at(-1)).toMatchObject({ level: 'info', message: 'the stream answers again' });
    const expected = Array.from({ length: 320 }, (_, i) =>
      hintsOf(i).map((hint, n) => outgoingHint(hint, n).value),
    ).flat();
    const found = await valuesOn(connection);
    expect(expected.filter((value) => !found.has(value))).toEqual([]);
  });

  it('says that nothing was taken when the spill fails as well', { timeout: 30_000 }, async () => {
    const stream = streamOf(await freshConnection());
    kafka.way.swallow();
    onTestFinished(() => kafka.way.heal());
    const never = new Promise<void>(() => undefined);
    const spill = memorySpill();
    const deps = { stream, metrics: { count: () => undefined, level: () => undefined, took: () => undefined } };
    const intake = kafkaIntake({
      ...deps,
      spill: { ...spill, put: () => never },
      log: quietLog(),
      clock: handClock(0),
    });
    const answered = tookMs(() =>
      expect(intake.accept(hintsOf(1))).rejects.toMatchObject({ code: 'STREAM_UNAVAILABLE', retryable: true }),
    );
    expect(await answered).toBeLessThan(3_000);
  });
});

describe('a consumer', () => {
  it('goes on within thirty seconds after its connections died without a word', { timeout: 60_000 }, async () => {
    const stream = streamOf(await freshConnection());
    const reader = readerOf(stream);
    await reader.start();
    await stream.append(topics.events, outgoing(0, 10));
    await reader.sees(10);
    kafka.way.forget();
    await stream.append(topics.events, outgoing(10, 10));
    expect(await tookMs(() => reader.until(hasAll(20)))).toBeLessThan(30_000);
  });

  it('goes on after a long silence of the network', { timeout: 90_000 }, async () => {
    const connection = await freshConnection();
    const stream = streamOf(connection);
    const reader = readerOf(stream);
    await reader.start();
    await stream.append(topics.events, outgoing(0, 10));
    await reader.sees(10);
    kafka.way.swallow();
    onTestFinished(() => kafka.way.heal());
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    kafka.way.heal();
    const later = streamOf(connection);
    await later.append(topics.events, outgoing(10, 10));
    expect(await tookMs(() => reader.until(hasAll(20)))).toBeLessThan(30_000);
  });

  it('goes on by itself when the broker was killed and came back, and misses nothing', {
    timeout: 120_000,
  }, async () => {
    const connection = await freshConnection(4);
    const stream = streamOf(connection);
    const seen = collector();
    const readers = [readerOf(stream, { into: seen }), readerOf(streamOf(connection), { into: seen })];
    await Promise.all(readers.map((reader) => reader.start()));
    let appended = 0;
    const feed = { goesOn: true };
    const feeding = (async () => {
      while (feed.goesOn)
        await stream.append(topics.events, outgoing(appended, 10)).then(
          () => (appended += 10),
          () => undefined,
        );
    })();
    await seen.until((records) => records.length > 200);
    await kafka.kill();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await kafka.restart();
    const back = performance.now();
    const before = appended;
    await seen.until((records) => records.some(({ value }) => Number(value) > before + 50));
    expect(performance.now() - back).toBeLessThan(30_000);
    feed.goesOn = false;
    await feeding;
    await seen.until(hasAll(appended));
  });
});

const hasAll =
  (count: number) =>
  (records: readonly { readonly value: string }[]): boolean => {
    const values = new Set(records.map(({ value }) => value));
    return numbers(count).every((value) => values.has(value));
  };
