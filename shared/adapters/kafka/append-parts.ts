import type { Outgoing } from '../../ports/stream.ts';

/** A broker takes at most 1 MB per partition and request by default. */
const requestBytes = 700_000;

export interface Addressed {
  readonly topic: string;
  readonly records: readonly Outgoing[];
}

/** Never less than what the record takes on its way. */
const sizeOf = (records: readonly Outgoing[]): number =>
  records.reduce((bytes, { key, value }) => bytes + 3 * (key.length + value.length) + 32, 0);

/** How many from the front fit one request, at least one of what is there. */
export const countForOneRequest = (queue: readonly Addressed[]): number => {
  let bytes = 0;
  let count = 0;
  for (const { records } of queue) {
    bytes += sizeOf(records);
    if (count > 0 && bytes > requestBytes) break;
    count += 1;
  }
  return count;
};

export type TopicMessages = { topic: string; messages: { key: string; value: string }[] }[];

/** One call's records may be more than fits one request: then it takes several, in order. */
export const partsOf = (group: readonly Addressed[]): readonly TopicMessages[] => {
  const parts: TopicMessages[] = [];
  let part = new Map<string, { key: string; value: string }[]>();
  let bytes = 0;
  const finish = (): void => {
    if (part.size > 0) parts.push([...part].map(([topic, messages]) => ({ topic, messages })));
    part = new Map();
    bytes = 0;
  };
  for (const { topic, records } of group)
    for (const record of records) {
      const size = sizeOf([record]);
      if (bytes > 0 && bytes + size > requestBytes) finish();
      bytes += size;
      const messages = part.get(topic) ?? [];
      messages.push({ key: record.key, value: record.value });
      part.set(topic, messages);
    }
  finish();
  return parts;
};
