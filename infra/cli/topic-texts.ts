import type { Language } from '../../shared/domain/message.ts';

const english = {
  topics: 'the Kafka topics that everything moves on',
  create: 'make the topics that are missing, and tell which are not as the settings have them',
  made: (name: string) => `Made the Kafka topic ${name}\n`,
  differs: (topic: string, what: string, is: string, wanted: string) =>
    `${topic} has ${what} ${is === '' ? '—' : is}; the settings say ${wanted}\n`,
  keepPartitions: '    → correct the settings: with other partitions the records of a key would move\n',
  moveReplicas: '    → correct the settings, or have the cluster move them (kafka-reassign-partitions.sh)\n',
  alter: '    → set it on the cluster: kafka-configs.sh --alter --entity-type topics --add-config …\n',
  nothing: 'Every topic is there, and as the settings have it\n',
};

export type TopicTexts = typeof english;

const chinese: TopicTexts = {
  topics: '数据流经的 Kafka 主题',
  create: '创建缺少的主题，并指出与设置不符的主题',
  made: (name) => `已创建 Kafka 主题 ${name}\n`,
  differs: (topic, what, is, wanted) => `${topic} 的 ${what} 为 ${is === '' ? '—' : is}，设置为 ${wanted}\n`,
  keepPartitions: '    → 请修改设置：分区数变化会使同一键的记录换到别处\n',
  moveReplicas: '    → 请修改设置，或在集群上迁移副本（kafka-reassign-partitions.sh）\n',
  alter: '    → 请在集群上设置：kafka-configs.sh --alter --entity-type topics --add-config …\n',
  nothing: '主题齐全，且与设置相符\n',
};

export const topicTexts: Readonly<Record<Language, TopicTexts>> = { en: english, zh: chinese };
