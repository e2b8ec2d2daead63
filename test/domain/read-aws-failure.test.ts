import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAwsFailure } from '#shared/domain/read-aws-failure.ts';
import { markReplay } from '#shared/domain/replay-mark.ts';
import { exhausted, exhaustedOnQueue, exhaustedOnS3, failedAt } from './aws-failures.ts';

const changed = {
  topic: 'regrade.events',
  partition: 2,
  offset: 7,
  key: 'account:shop:客',
  value: '{"name":"客户 👋"}',
};

describe('a failure record of AWS Lambda', () => {
  it('on a Kafka topic is the one letter in it', () => {
    expect(readAwsFailure(exhausted([changed]))).toEqual({
      ok: true,
      letters: [
        {
          reason: 'retries-exhausted',
          detail: 'RetriesExhausted after 11 invocations of regrade-grade-customers',
          stage: 'grade-customers',
          topic: 'regrade.events',
          partition: 2,
          offset: 7,
          key: 'account:shop:客',
          at: failedAt,
          attempts: 1,
          payload: '{"name":"客户 👋"}',
        },
      ],
    });
  });

  it('on a bucket is a letter for each record of the batch, over its partitions', () => {
    const records = [
      { topic: 'regrade.webhooks', partition: 0, offset: 1, key: 'shop/a/1', value: '{"a":1}' },
      { topic: 'regrade.webhooks', partition: 0, offset: 2, key: 'shop/a/1', value: '{"a":2}' },
      { topic: 'regrade.webhooks', partition: 5, offset: 9, key: 'shop/b/1', value: '{"b":1}' },
    ];
    for (const value of [exhaustedOnS3(records), JSON.stringify(exhaustedOnS3(records))]) {
      const read = readAwsFailure(value);
      expect(read).toMatchObject({
        ok: true,
        letters: records.map(({ partition, offset, key, value: payload }) => ({
          ...{ partition, offset, key, payload },
          ...{ stage: 'resolve-records', reason: 'retries-exhausted' },
        })),
      });
    }
  });

  it.each([
    ['RetryAttemptsExhausted', 'retries-exhausted'],
    ['RetriesExhausted', 'retries-exhausted'],
    ['MaximumPayloadSizeExceeded', 'payload-too-large'],
  ])('with the condition %s has the reason %s', (condition, reason) => {
    expect(readAwsFailure(exhausted([changed], condition))).toMatchObject({ letters: [{ reason }] });
    expect(readAwsFailure(exhaustedOnS3([changed], condition))).toMatchObject({ letters: [{ reason }] });
  });

  it('on a queue tells where the records stand', () => {
    const places = { 'acme-regrade.changes-11': ['5', '9'] } as const;
    const read = readAwsFailure(exhaustedOnQueue(places), 'acme-');
    expect(read).toEqual({
      ok: true,
      letters: [
        {
          reason: 'retries-exhausted',
          detail:
            'RetryAttemptsExhausted after 11 invocations of regrade-grade-customers; no payload was kept: it stands at offsets 5 to 9 of acme-regrade.changes-11',
          stage: 'act-on-changes',
          topic: 'regrade.changes',
          partition: 11,
          offset: 5,
          key: '',
          at: Date.parse('2026-03-02T12:00:05.021Z'),
          attempts: 1,
        },
      ],
    });
  });

  it('counts the attempts of what had been sent again', () => {
    const value = markReplay(changed.value, { of: 'abc', attempt: 3 }) ?? '';
    expect(readAwsFailure(exhausted([{ ...changed, value }]))).toMatchObject({ letters: [{ attempts: 3 }] });
  });

  it.each([{}, { key: null, value: null }])('of a record without key and value, %j, has no payload', (none) => {
    const read = readAwsFailure(exhausted([{ topic: 'regrade.events', offset: 7, ...none }]));
    expect(read).toMatchObject({ ok: true, letters: [{ key: '', offset: 7 }] });
    expect(read.ok && read.letters[0]).not.toHaveProperty('payload');
  });

  it('leaves a topic of others as it is called', () => {
    expect(readAwsFailure(exhausted([{ ...changed, topic: 'orders' }]), 'acme.')).toMatchObject({
      letters: [{ topic: 'orders', stage: 'unknown' }],
    });
  });

  it.each([
    ['other JSON', { a: 1 }],
    ['another condition', { ...exhausted([changed]), requestContext: { condition: 'Odd' } }],
    ['a payload that is no event', { ...exhausted([changed]), payload: '{"records":1}' }],
    [
      'a key that is not Base64',
      { ...exhausted([changed]), payload: { records: { 'a-0': [{ ...changed, timestamp: 1, key: '***' }] } } },
    ],
    ['text', 'not JSON'],
  ])('is not %s', (_, value) => {
    expect(readAwsFailure(value)).toEqual({ ok: false, reason: expect.stringContaining('AWS Lambda') as string });
  });

  it('never throws on anything', () => {
    fc.assert(fc.property(fc.oneof(fc.anything(), fc.json(), fc.string()), (value) => !readAwsFailure(value).ok));
  });
});
