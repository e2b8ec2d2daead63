import { type Topic, topics } from '../../../shared/definitions/topics.ts';
import type { Stage } from '../config/stage.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * What a topic is made with, as Kafka calls it. The brokers stamp each record with when they took it: orders and ages are read from that.
 * Express brokers set by themselves how many replicas have a record before it is acknowledged.
 */
export const topicSettings = (
  topic: Topic,
  { topicDays, deadDays }: Stage['retention'],
  { replicas, express }: { readonly replicas: number; readonly express: boolean },
): Readonly<Record<string, string>> => ({
  'message.timestamp.type': 'LogAppendTime',
  'retention.ms': String((topic === topics.dead ? deadDays : topicDays) * dayMs),
  ...(express ? {} : { 'min.insync.replicas': String(leastInSync(replicas)) }),
});

/** With three or more replicas one may be away, and an append is still in two places when it is acknowledged. */
export const leastInSync = (replicas: number): number => (replicas >= 3 ? 2 : 1);

/** One setting a line, as in Kafka's own files. */
export const propertiesOf = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
