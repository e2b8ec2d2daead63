import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readKafkaEvent } from '#shared/adapters/lambda/kafka-event.ts';
import { topics } from '#shared/definitions/topics.ts';
import { eventOf } from './kafka-events.ts';

const readOf = (event: unknown, prefix = '') => {
  const read = readKafkaEvent(event, prefix);
  if (read.outcome !== 'read') throw new Error(read.reason);
  return read.batches;
};

describe('readKafkaEvent', () => {
  it.each(['aws:kafka', 'SelfManagedKafka'])('reads the records of a partition in order, from %s', (source) => {
    const event = eventOf(
      [
        { offset: 7, key: '客户-1', value: '{"a":"é"}' },
        { offset: 8, key: 'b', value: 'x' },
      ],
      source,
    );
    expect(readOf(event)).toEqual([
      {
        topic: topics.events,
        partition: 0,
        outcome: 'received',
        records: [
          { topic: topics.events, partition: 0, offset: 7, key: '客户-1', value: '{"a":"é"}', at: 1_700_000_000_007 },
          { topic: topics.events, partition: 0, offset: 8, key: 'b', value: 'x', at: 1_700_000_000_008 },
        ],
      },
    ]);
  });

  it('takes a key or a value that is absent or null as empty', () => {
    const [batch] = readOf(eventOf([{ offset: 1 }, { offset: 2, key: null, value: null }]));
    expect(batch).toMatchObject({
      records: [
        { key: '', value: '' },
        { key: '', value: '' },
      ],
    });
  });

  it('takes the prefix off topics, which may hold dashes themselves', () => {
    const topic = `a-b-1.${topics.webhooks}`;
    const batches = readOf(
      eventOf([
        { topic, partition: 3, offset: 1 },
        { topic, partition: 12, offset: 1 },
      ]),
      'a-b-1.',
    );
    expect(batches).toMatchObject([
      { topic, partition: 3, records: [{ topic: topics.webhooks, partition: 3 }] },
      { topic, partition: 12, records: [{ topic: topics.webhooks, partition: 12 }] },
    ]);
  });

  it.each(['CREATE_TIME', undefined])('refuses a partition whose records are stamped by %s, with the cure', (stamp) => {
    const event = eventOf([{ offset: 1 }, { offset: 2 }]);
    for (const record of event.records[`${topics.events}-0`] ?? [])
      if (record.offset === 2) Object.assign(record, { timestampType: stamp });
    expect(readOf(event)).toMatchObject([
      {
        outcome: 'unstamped',
        offsets: [1, 2],
        error: {
          code: 'CONFIG_INVALID',
          retryable: false,
          message: expect.stringMatching(
            /offset 2 .*kafka-configs\.sh --bootstrap-server b-1\.kafka:9098,b-2\.kafka:9098 .*--entity-name regrade\.events .*LogAppendTime/,
          ) as string,
        },
      },
    ]);
  });

  it('calls a topic that is none of ours, or lacks the prefix, foreign', () => {
    const event = eventOf([
      { topic: 'other', offset: 1 },
      { topic: topics.events, offset: 1 },
    ]);
    expect(readOf(event, 'p.').map(({ outcome }) => outcome)).toEqual(['foreign', 'foreign']);
  });

  it('never throws, whatever the event is', () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.record({ eventSource: fc.constant('aws:kafka'), records: fc.anything() }),
      fc.record({
        eventSource: fc.constant('aws:kafka'),
        records: fc.dictionary(fc.string(), fc.array(fc.anything())),
      }),
    );
    fc.assert(fc.property(anything, (event) => ['read', 'unreadable'].includes(readKafkaEvent(event, '').outcome)));
  });

  it('reads whatever bytes the values are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (key, value) => {
        const event = eventOf([{ offset: 1 }]);
        const bytes = { key: Buffer.from(key).toString('base64'), value: Buffer.from(value).toString('base64') };
        Object.assign(event.records[`${topics.events}-0`]?.[0] ?? {}, bytes);
        const text = { key: Buffer.from(key).toString('utf8'), value: Buffer.from(value).toString('utf8') };
        expect(readOf(event)).toMatchObject([{ records: [text] }]);
      }),
    );
  });
});
