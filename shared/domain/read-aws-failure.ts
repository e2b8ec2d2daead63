import * as z from 'zod';
import { groups, topics } from '../definitions/topics.ts';
import type { DeadLetter } from './dead-letter.ts';
import { Instant } from './instant.ts';
import { replayMarkIn } from './replay-mark.ts';

/** Offsets and timestamps come as digits or as numbers. */
const Whole = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

const EventRecord = z.object({
  topic: z.string(),
  partition: Whole,
  offset: Whole,
  timestamp: Instant,
  /** Base64; absent or null where the record had none. */
  key: z.base64().nullish(),
  value: z.base64().nullish(),
});
type EventRecord = z.infer<typeof EventRecord>;

/** What a function was invoked with: keys are topic-partition. */
const KafkaEvent = z.object({
  records: z.record(z.string(), z.union([z.array(EventRecord), EventRecord.transform((record) => [record])])),
});

const Range = z.object({ firstRecordOffset: Whole, lastRecordOffset: Whole });

/**
 * What Lambda writes when it gives a batch of a Kafka topic up (docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html).
 * On an S3 bucket `payload` is the event as text; on a Kafka topic it is the event, with one record; on a queue there is none.
 */
const FailureRecord = z.object({
  requestContext: z.object({
    functionArn: z.string().default(''),
    condition: z.enum(['RetryAttemptsExhausted', 'RetriesExhausted', 'MaximumPayloadSizeExceeded']),
    approximateInvokeCount: Whole.optional(),
  }),
  timestamp: z.string().transform((text) => Date.parse(text)),
  KafkaBatchInfo: z.object({ recordsInfo: z.record(z.string(), Range).default({}) }),
  payload: z.unknown().optional(),
});
type FailureRecord = z.infer<typeof FailureRecord>;

export type AwsFailure =
  | { readonly ok: true; readonly letters: readonly DeadLetter[] }
  /** Never quotes what was read. */
  | { readonly ok: false; readonly reason: string };

/**
 * The records of a batch that Lambda gave up, as letters; from JSON, parsed or not. Where only offsets were kept, one letter
 * without payload per partition. `prefix` stands before the names of topics on the cluster. Never throws.
 */
export const readAwsFailure = (value: unknown, prefix = ''): AwsFailure => {
  const failure = FailureRecord.safeParse(jsonOf(value));
  if (!failure.success) return { ok: false, reason: 'not a failure record of AWS Lambda' };
  if (failure.data.payload === undefined || failure.data.payload === null)
    return { ok: true, letters: lettersWithoutPayload(failure.data, prefix) };
  const event = KafkaEvent.safeParse(jsonOf(failure.data.payload));
  if (!event.success) return { ok: false, reason: 'a failure record of AWS Lambda whose payload is no Kafka event' };
  const records = Object.values(event.data.records).flat();
  return { ok: true, letters: records.map((record) => letterOf(record, failure.data, prefix)) };
};

const jsonOf = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // text that is not JSON is no record of AWS
    return undefined;
  }
};

const letterOf = (record: EventRecord, failure: FailureRecord, prefix: string): DeadLetter => {
  const payload = textOf(record.value);
  return {
    ...givenUp(record.topic, failure, prefix),
    partition: record.partition,
    offset: record.offset,
    key: textOf(record.key) ?? '',
    at: record.timestamp,
    attempts: payload === undefined ? 1 : (replayMarkIn(payload)?.attempt ?? 1),
    ...(payload === undefined ? {} : { payload }),
  };
};

const lettersWithoutPayload = (failure: FailureRecord, prefix: string): readonly DeadLetter[] =>
  Object.entries(failure.KafkaBatchInfo.recordsInfo).map(([place, { firstRecordOffset, lastRecordOffset }]) => {
    // names of topics may hold dashes too
    const dash = place.lastIndexOf('-');
    const known = givenUp(place.slice(0, dash), failure, prefix);
    const partition = Number(place.slice(dash + 1)) || 0;
    const detail = `${known.detail}; no payload was kept: it stands at offsets ${firstRecordOffset} to ${lastRecordOffset} of ${place}`;
    const at = Number.isNaN(failure.timestamp) ? 0 : failure.timestamp;
    return { ...known, detail, partition, offset: firstRecordOffset, key: '', at, attempts: 1 };
  });

const givenUp = (name: string, { requestContext }: FailureRecord, prefix: string) => {
  const { condition, approximateInvokeCount: times, functionArn } = requestContext;
  const topic = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const after = times === undefined ? '' : ` after ${times} invocations`;
  return {
    reason: condition === 'MaximumPayloadSizeExceeded' ? 'payload-too-large' : 'retries-exhausted',
    detail: `${condition}${after} of ${functionArn.split(':')[6] ?? 'the function'}`,
    stage: stages[topic] ?? 'unknown',
    topic,
  };
};

const stages: Readonly<Record<string, string>> = {
  [topics.webhooks]: groups.resolveRecords,
  [topics.events]: groups.gradeCustomers,
  [topics.cohorts]: groups.rankCohorts,
  [topics.changes]: groups.actOnChanges,
};

const textOf = (base64: string | null | undefined): string | undefined =>
  typeof base64 === 'string'
    ? new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))
    : undefined;
