import { describe, expect, it } from 'vitest';
import { topicDifferences } from '#shared/adapters/kafka/describe-topics.ts';
import { topicConfigs } from '#shared/adapters/kafka/topic-settings.ts';
import { topics } from '#shared/definitions/topics.ts';

const settings = { partitions: 12, replicationFactor: 3, retentionMs: { [topics.dead]: 86_400_000 } };
const asWanted = {
  ...{ partitions: 12, replicas: 3 },
  configs: { 'message.timestamp.type': 'LogAppendTime', 'min.insync.replicas': '2', 'retention.ms': '86400000' },
};

describe('topicConfigs', () => {
  it('has the log stamp records, and asks for two copies where there are three', () => {
    expect(topicConfigs(topics.dead, settings)).toEqual(asWanted.configs);
    expect(topicConfigs(topics.events, { ...settings, replicationFactor: 2 })).toEqual({
      'message.timestamp.type': 'LogAppendTime',
    });
  });

  it('leaves out what a cluster that replicates by itself refuses', () => {
    expect(topicConfigs(topics.events, { ...settings, replicatesByItself: true })).toEqual({
      'message.timestamp.type': 'LogAppendTime',
    });
  });
});

describe('topicDifferences', () => {
  it('finds none where all is as wanted, whatever else is configured', () => {
    const more = { ...asWanted, configs: { ...asWanted.configs, 'segment.bytes': '1' } };
    expect(topicDifferences(new Map([[topics.dead, more]]), settings)).toEqual([]);
  });

  it('names each', () => {
    const other = { partitions: 3, replicas: 1, configs: { 'min.insync.replicas': '2' } };
    expect(topicDifferences(new Map([[topics.events, other]]), settings)).toEqual([
      { topic: topics.events, what: 'partitions', is: '3', wanted: '12' },
      { topic: topics.events, what: 'replicas', is: '1', wanted: '3' },
      { topic: topics.events, what: 'message.timestamp.type', is: '', wanted: 'LogAppendTime' },
    ]);
  });
});
