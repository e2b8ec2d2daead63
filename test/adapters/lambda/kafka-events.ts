import { topics } from '#shared/definitions/topics.ts';

export interface SentRecord {
  readonly topic?: string;
  readonly partition?: number;
  readonly offset: number;
  readonly key?: string | null;
  readonly value?: string | null;
  readonly timestampType?: string;
}

const base64 = (text: string | null | undefined): string | null | undefined =>
  typeof text === 'string' ? Buffer.from(text).toString('base64') : text;

/** As an event source mapping for Amazon MSK sends it. */
export const eventOf = (sent: readonly SentRecord[], eventSource = 'aws:kafka') => ({
  eventSource,
  bootstrapServers: 'b-1.kafka:9098,b-2.kafka:9098',
  records: Object.fromEntries(
    [...new Set(sent.map(placeOf))].map((place) => [
      place,
      sent
        .filter((record) => placeOf(record) === place)
        .map(({ topic = topics.events, partition = 0, offset, key, value, timestampType = 'LOG_APPEND_TIME' }) => ({
          ...{ topic, partition, offset, timestamp: 1_700_000_000_000 + offset, timestampType },
          ...(key === undefined ? {} : { key: base64(key) }),
          ...(value === undefined ? {} : { value: base64(value) }),
          headers: [{ trace: [104, 101, -97] }],
        })),
    ]),
  ),
});

const placeOf = ({ topic = topics.events, partition = 0 }: SentRecord): string => `${topic}-${partition}`;
