import { describe, expect, it } from 'vitest';
import type { TopicMessages } from '#shared/adapters/kafka/append-parts.ts';
import { kafkaAppender } from '#shared/adapters/kafka/appender.ts';
import { gateOf } from '../../contract/stream-reader.ts';

/** A producer that sends when it is let to. */
const handProducer = () => {
  const sent: string[][] = [];
  const gates: ReturnType<typeof gateOf>[] = [];
  const failures: Error[] = [];
  return {
    sent,
    /** Lets the request in flight through. */
    pass: async (): Promise<void> => {
      await settled();
      gates.at(-1)?.open();
      await settled();
    },
    failNext: (error: Error) => void failures.push(error),
    send: async (topicMessages: TopicMessages): Promise<void> => {
      sent.push(topicMessages.flatMap(({ topic, messages }) => messages.map(({ value }) => `${topic} ${value}`)));
      const gate = gateOf();
      gates.push(gate);
      await gate.passed;
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
    },
    close: (): Promise<void> => Promise.resolve(),
  };
};

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const record = (value: string) => ({ key: 'k', value });

describe('kafkaAppender', () => {
  it('has one request in flight, and what is asked for meanwhile goes into the next', async () => {
    const producer = handProducer();
    const appender = kafkaAppender(producer);
    const first = appender.append('t', [record('a')]);
    await settled();
    const others = [appender.append('t', [record('b'), record('c')]), appender.append('u', [record('d')])];
    await settled();
    expect(producer.sent).toEqual([['t a']]);
    await producer.pass();
    await first;
    await producer.pass();
    await Promise.all(others);
    expect(producer.sent).toEqual([['t a'], ['t b', 't c', 'u d']]);
  });

  it('never sends what its caller has given up waiting for', async () => {
    const producer = handProducer();
    const appender = kafkaAppender(producer);
    const first = appender.append('t', [record('a')]);
    await settled();
    const overdue = { code: 'STREAM_UNAVAILABLE', retryable: true };
    await expect(appender.append('t', [record('b')], { deadlineMs: 10 })).rejects.toMatchObject(overdue);
    const last = appender.append('t', [record('c')], { deadlineMs: 60_000 });
    await producer.pass();
    await producer.pass();
    await Promise.all([first, last]);
    expect(producer.sent).toEqual([['t a'], ['t c']]);
  });

  it('rejects at the deadline although the request is on its way', async () => {
    const producer = handProducer();
    const appender = kafkaAppender(producer);
    await expect(appender.append('t', [record('a')], { deadlineMs: 10 })).rejects.toMatchObject({ retryable: true });
    expect(producer.sent).toEqual([['t a']]);
  });

  it('fails those of the request that failed, and nobody after them', async () => {
    const producer = handProducer();
    const appender = kafkaAppender(producer);
    producer.failNext(new Error('gone'));
    const first = expect(appender.append('t', [record('a')])).rejects.toMatchObject({ code: 'STREAM_UNAVAILABLE' });
    await settled();
    const second = appender.append('t', [record('b')]);
    await producer.pass();
    await first;
    await producer.pass();
    await second;
  });

  it('fails everybody at the first failure when it is closing', async () => {
    const producer = handProducer();
    const appender = kafkaAppender(producer);
    producer.failNext(new Error('gone'));
    const appends = [appender.append('t', [record('a')])];
    await settled();
    appends.push(appender.append('t', [record('b')]));
    const outcomes = Promise.allSettled(appends);
    const closed = appender.close();
    await producer.pass();
    await closed;
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(producer.sent).toEqual([['t a']]);
  });
});
