import type { Topic } from '../../definitions/topics.ts';

/** How our topics are made. */
export interface TopicSettings {
  /** Bounds how many workers can share a topic. Not to be changed later: keys would move. */
  readonly partitions: number;
  /** With three or more, an append is acknowledged only when two brokers have it. */
  readonly replicationFactor: number;
  /** How long records are kept, in milliseconds. The cluster's own default when absent. */
  readonly retentionMs?: Readonly<Partial<Record<Topic, number>>> | undefined;
  /**
   * True where the cluster says by itself how many brokers have a record before it is acknowledged, and refuses to be told: MSK
   * Serverless (docs.aws.amazon.com/msk/latest/developerguide/serverless-config.html) and Express brokers.
   */
  readonly replicatesByItself?: boolean | undefined;
}

/** What a topic is configured with, by the cluster's own names. */
export const topicConfigs = (
  topic: Topic,
  { replicationFactor, retentionMs, replicatesByItself = false }: TopicSettings,
): Readonly<Record<string, string>> => {
  const kept = retentionMs?.[topic];
  return {
    'message.timestamp.type': 'LogAppendTime',
    ...(replicationFactor >= 3 && !replicatesByItself ? { 'min.insync.replicas': '2' } : {}),
    ...(kept === undefined ? {} : { 'retention.ms': String(kept) }),
  };
};
