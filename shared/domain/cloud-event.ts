import * as z from 'zod';
import { type ReplayMark, replayMarkOf } from './replay-mark.ts';

const Envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  time: z.string(),
  data: z.unknown(),
});

export interface CloudEvent<T> {
  /** With `source` the idempotency key: survives redelivery and replay. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly data: T;
}

/** CloudEvents 1.0, structured JSON mode (github.com/cloudevents/spec, json-format.md). `at` becomes `time`. */
export const encodeCloudEvent = <T>(event: CloudEvent<T>, at: number): string =>
  JSON.stringify({
    specversion: '1.0',
    id: event.id,
    source: event.source,
    type: event.type,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data: event.data,
  });

export interface ReceivedCloudEvent<T> extends CloudEvent<T> {
  /** Its `time`; NaN where that is none. */
  readonly at: number;
  /** Set where it was sent again out of the dead letters. */
  readonly replay?: ReplayMark;
}

export type Decoded<T> =
  | { readonly ok: true; readonly event: ReceivedCloudEvent<T> }
  | { readonly ok: false; readonly reason: string };

/** Never throws: text that is no CloudEvent, or whose data is not what `schema` says, comes back as a reason. */
export const decodeCloudEvent = <T>(text: string, schema: z.ZodType<T>): Decoded<T> => {
  const json = parseJson(text);
  if (json === undefined) return { ok: false, reason: 'not JSON' };
  const envelope = Envelope.safeParse(json);
  if (!envelope.success) return { ok: false, reason: `not a CloudEvent: ${firstIssue(envelope.error)}` };
  const data = parseData(envelope.data.data, schema);
  if (data === undefined) return { ok: false, reason: `${envelope.data.type}: nested too deep` };
  if (!data.success) return { ok: false, reason: `${envelope.data.type}: ${firstIssue(data.error)}` };
  const { id, source, type, time } = envelope.data;
  const replay = replayMarkOf(json);
  const marked = replay === undefined ? {} : { replay };
  return { ok: true, event: { id, source, type, at: Date.parse(time), data: data.data, ...marked } };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** Undefined for data nested so deep that walking it exhausts the stack. */
const parseData = <T>(data: unknown, schema: z.ZodType<T>): z.ZodSafeParseResult<T> | undefined => {
  try {
    return schema.safeParse(data);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

const firstIssue = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return issue === undefined ? 'invalid' : `${issue.path.join('.') || 'data'}: ${issue.message}`;
};
