const base64 = (text: string): string => Buffer.from(text).toString('base64');

export interface FailedRecord {
  readonly topic: string;
  readonly partition?: number;
  readonly offset: number;
  readonly key?: string | null;
  readonly value?: string | null;
  readonly timestamp?: number;
}

export const failedAt = Date.UTC(2026, 2, 2, 12);

const metadata = (condition: string, batch: object) => ({
  requestContext: {
    requestId: '316aa6d0-8154-xmpl-9af7-85d5f4a6bc81',
    functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:regrade-grade-customers',
    condition,
    approximateInvokeCount: 11,
  },
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  version: '1.0',
  timestamp: '2026-03-02T12:00:05.021Z',
  KafkaBatchInfo: {
    batchSize: 1,
    eventSourceArn: 'arn:aws:kafka:…',
    bootstrapServers: 'b-1:9098',
    payloadSize: 162,
    ...batch,
  },
});

const eventOf = (records: readonly FailedRecord[]) => {
  const byPartition: Record<string, object[]> = {};
  for (const { topic, partition = 0, offset, key, value, timestamp = failedAt } of records) {
    const encoded = {
      ...{ topic, partition, offset, timestamp, timestampType: 'LOG_APPEND_TIME', headers: [] },
      ...(key === undefined ? {} : { key: key === null ? null : base64(key) }),
      ...(value === undefined ? {} : { value: value === null ? null : base64(value) }),
    };
    (byPartition[`${topic}-${partition}`] ??= []).push(encoded);
  }
  return { eventSource: 'aws:kafka', bootstrapServers: 'b-1:9098', records: byPartition };
};

/** On a Kafka topic: one record, as an object. */
export const exhausted = (records: readonly FailedRecord[], condition = 'RetriesExhausted') => ({
  ...metadata(condition, { recordInfo: { offset: '7', timestamp: '2026-03-02T12:00:00.000Z' } }),
  payload: eventOf(records),
});

/** On an S3 bucket: the whole batch, as text. */
export const exhaustedOnS3 = (records: readonly FailedRecord[], condition = 'RetryAttemptsExhausted') => ({
  ...metadata(condition, { recordsInfo: {} }),
  payload: JSON.stringify(eventOf(records)),
});

/** On a queue: where the records stand, and not what they say. */
export const exhaustedOnQueue = (places: Readonly<Record<string, readonly [first: string, last: string]>>) => ({
  ...metadata('RetryAttemptsExhausted', {
    recordsInfo: Object.fromEntries(
      Object.entries(places).map(([place, [firstRecordOffset, lastRecordOffset]]) => [
        place,
        {
          firstRecordOffset,
          lastRecordOffset,
          firstRecordTimestamp: '2026-03-02T12:00:00.000Z',
          lastRecordTimestamp: '2026-03-02T12:00:01.000Z',
        },
      ]),
    ),
  }),
});
