import type { Group, Topic } from '../../definitions/topics.ts';
import type { KafkaConnection } from './connect.ts';
import { type PartitionEnds, topicEnds } from './topic-offsets.ts';
import { withAdmin } from './with-admin.ts';

/** How far a group is on one partition. */
export interface Place extends PartitionEnds {
  readonly partition: number;
  /** The offset that the group reads next. Undefined where it never committed: it starts at the first record. */
  readonly committed: number | undefined;
  /** Records that wait for the group. */
  readonly lag: number;
}

/**
 * What operators ask about positions. Each question is asked on a connection of its own, so that none can be dead.
 *
 * All throw {@link PipelineError} `STREAM_UNAVAILABLE`, retryable, where the topic is not there or nobody answers.
 */
export interface KafkaOffsets {
  /** By partition. For a group that does not exist everything waits. */
  placesOf(topic: Topic, group: Group): Promise<readonly Place[]>;
  /** Records of all partitions that wait for the group. */
  lagOf(topic: Topic, group: Group): Promise<number>;
  /** By partition. */
  ends(topic: Topic): Promise<ReadonlyMap<number, PartitionEnds>>;
}

export const kafkaOffsets = (connection: KafkaConnection): KafkaOffsets => {
  const { prefix = '' } = connection;

  const ends: KafkaOffsets['ends'] = (topic) =>
    withAdmin(connection, `could not read the ends of ${topic}`, (admin) => topicEnds(admin, `${prefix}${topic}`));

  const placesOf: KafkaOffsets['placesOf'] = (topic, group) =>
    withAdmin(connection, `could not read how far ${group} is`, async (admin) => {
      const name = `${prefix}${topic}`;
      // committed first: an end that is read later is never before it
      const answers = await admin.fetchOffsets({ groupId: `${prefix}${group}`, topics: [name] });
      const committed = new Map(
        answers.flatMap(({ partitions }) => partitions.map((each) => [each.partition, Number(each.offset)] as const)),
      );
      const known = await topicEnds(admin, name);
      return [...known].map(([partition, bounds]) => placeOf(partition, bounds, committed.get(partition)));
    });

  return {
    ends,
    placesOf,
    lagOf: async (topic, group) => (await placesOf(topic, group)).reduce((sum, { lag }) => sum + lag, 0),
  };
};

/** A place outside the partition is that of a log which is no more: the group starts at the first record. */
const placeOf = (partition: number, { low, end }: PartitionEnds, answer: number | undefined): Place => {
  const committed = answer === undefined || answer < 0 ? undefined : answer;
  const next = committed === undefined || committed < low || committed > end ? low : committed;
  return { partition, low, end, committed, lag: end - next };
};
