import type { Admin } from 'kafkajs';

/** Where a partition begins, and the offset that its next record will have. */
export interface PartitionEnds {
  readonly low: number;
  readonly end: number;
}

/** By partition. Rejects where the topic is not there. */
export const topicEnds = async (admin: Admin, topic: string): Promise<ReadonlyMap<number, PartitionEnds>> => {
  const partitions = await admin.fetchTopicOffsets(topic);
  return new Map(partitions.map(({ partition, low, high }) => [partition, { low: Number(low), end: Number(high) }]));
};
