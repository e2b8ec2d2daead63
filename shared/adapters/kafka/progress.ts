import type { Progress } from '../../ports/progress.ts';
import type { KafkaOffsets } from './offsets.ts';

/** How far consumer groups are, by what they committed. */
export const kafkaProgress = ({ ends, placesOf, lagOf }: KafkaOffsets): Progress => ({
  mark: async (topic) => new Map([...(await ends(topic))].map(([partition, { end }]) => [partition, end])),
  passed: async (topic, group, mark) =>
    (await placesOf(topic, group)).every(({ partition, end, lag }) => end - lag >= (mark.get(partition) ?? 0)),
  unread: lagOf,
});
