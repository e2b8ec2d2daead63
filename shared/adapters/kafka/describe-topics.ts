// what it exports behind a member expression is found on the whole alone
import kafkajs from 'kafkajs';
import { type Topic, topics } from '../../definitions/topics.ts';
import type { KafkaConnection } from './connect.ts';
import { type TopicSettings, topicConfigs } from './topic-settings.ts';
import { withAdmin } from './with-admin.ts';

/** A topic as it is on the cluster. */
export interface DescribedTopic {
  readonly partitions: number;
  readonly replicas: number;
  /** By the cluster's own names. */
  readonly configs: Readonly<Record<string, string>>;
}

/** Something about a topic that is not as the settings have it. */
export interface TopicDifference {
  readonly topic: Topic;
  /** `partitions`, `replicas`, or the name of a configuration. */
  readonly what: string;
  readonly is: string;
  readonly wanted: string;
}

/**
 * Our topics that the cluster has.
 *
 * @throws {PipelineError} `STREAM_UNAVAILABLE`, retryable; `CONFIG_INVALID` where the cluster refuses us.
 */
export const describeTopics = (connection: KafkaConnection): Promise<ReadonlyMap<Topic, DescribedTopic>> =>
  withAdmin(connection, 'could not describe the topics', async (admin) => {
    const nameOf = (topic: Topic): string => `${connection.prefix ?? ''}${topic}`;
    const existing = new Set(await admin.listTopics());
    const present = Object.values(topics).filter((topic) => existing.has(nameOf(topic)));
    if (present.length === 0) return new Map();
    const metadata = await admin.fetchTopicMetadata({ topics: present.map(nameOf) });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: present.map((topic) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name: nameOf(topic) })),
    });
    return new Map(
      present.map((topic) => {
        const partitions = metadata.topics.find(({ name }) => name === nameOf(topic))?.partitions ?? [];
        const entries = resources.find(({ resourceName }) => resourceName === nameOf(topic))?.configEntries ?? [];
        const described = {
          partitions: partitions.length,
          replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
          configs: Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue])),
        };
        return [topic, described] as const;
      }),
    );
  });

/** Every way in which topics that are there are not as wanted. */
export const topicDifferences = (
  described: ReadonlyMap<Topic, DescribedTopic>,
  settings: TopicSettings,
): readonly TopicDifference[] =>
  [...described].flatMap(([topic, { partitions, replicas, configs }]) => {
    const pairs: readonly (readonly [string, string, string])[] = [
      ['partitions', String(partitions), String(settings.partitions)],
      ['replicas', String(replicas), String(settings.replicationFactor)],
      ...Object.entries(topicConfigs(topic, settings)).map(
        ([name, value]) => [name, configs[name] ?? '', value] as const,
      ),
    ];
    return pairs.filter(([, is, want]) => is !== want).map(([what, is, want]) => ({ topic, what, is, wanted: want }));
  });
