import type { KafkaMessage } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { failedRecords } from './failed-records.ts';

const sent = ['5', '6', '7'].map((offset) => ({ offset }) as KafkaMessage);
const offsetsOf = (answer: unknown): string[] =>
  failedRecords({ outcome: 'answered', answer }, sent, 't-0').map(({ offset }) => offset);
const listing = (...items: readonly (readonly [partition: unknown, offset: unknown])[]) => ({
  batchItemFailures: items.map(([partition, offset]) => ({ itemIdentifier: { partition, offset } })),
});

describe('failedRecords', () => {
  it.each([[null], [undefined], [{}], [listing()]])('is none for the answer %j', (answer) => {
    expect(offsetsOf(answer)).toEqual([]);
  });

  it('is what is listed, in order', () => {
    expect(offsetsOf(listing(['t-0', 7], ['t-0', 5]))).toEqual(['5', '7']);
  });

  it.each([
    [listing(['t-1', 5])],
    [listing(['t-0', 8])],
    [listing(['t-0', 5], ['t', 6])],
    [listing(['t-0', '5'])],
    [{ batchItemFailures: [{ itemIdentifier: 't-0-5' }] }],
    ['done'],
  ])('is everything for the answer %j', (answer) => {
    expect(offsetsOf(answer)).toEqual(['5', '6', '7']);
  });

  it('is everything when the invocation did not succeed', () => {
    for (const outcome of ['timed-out', 'crashed', 'too-large'] as const)
      expect(failedRecords({ outcome }, sent, 't-0')).toBe(sent);
    expect(failedRecords({ outcome: 'failed', error: {} }, sent, 't-0')).toBe(sent);
  });
});
