import { topics } from '../../../../shared/definitions/topics.ts';
import { brokersOf, instanceOf, type NewCluster } from '../new-cluster.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Stage } from '../stage.ts';
import { usualStorageGb } from '../stream.ts';
import { zoneCount } from '../zones.ts';

/** Clusters that MSK would not make. */
export const newClusterRefusals = (stage: Stage): Refusal[] => {
  const { stream } = stage;
  switch (stream.kind) {
    case 'msk-provisioned':
      return [
        ...zoneRefusals(stage, stream.type),
        ...instanceRefusals(stream),
        ...versionRefusals(stream),
        ...replicaRefusals(stage, stream),
        ...storageRefusals(stream),
      ];
    case 'msk-serverless':
      return [...zoneRefusals(stage, 'serverless'), ...tooManyPartitions(stream.topics.partitions)];
    case 'msk':
      return stream.serverless ? tooManyPartitions(stream.topics.partitions) : [];
    case 'kafka':
      return [];
  }
};

/** Of docs.aws.amazon.com/msk/latest/developerguide/msk-create-cluster.html: the least and the most zones. */
const zonesFor = (type: 'standard' | 'express' | 'serverless', region: string): readonly [number, number] => {
  if (type === 'express') return [3, 3];
  if (type === 'serverless') return [2, 6];
  return region === 'us-west-1' ? [2, 2] : [2, 3];
};

const zoneRefusals = (stage: Stage, type: 'standard' | 'express' | 'serverless'): Refusal[] => {
  const { network, region } = stage;
  if (network.kind === 'none') return [];
  const zones = zoneCount(stage);
  const [least, most] = zonesFor(type, region);
  if (zones >= least && zones <= most) return [];
  const wanted = least === most ? `${least} zones` : `${least} to ${most} zones`;
  const unnamed = network.kind === 'new' && network.zones === undefined;
  return [
    refusal(
      ['network', 'zones'],
      `${type === 'serverless' ? 'MSK Serverless' : `${type} brokers`} stand in ${wanted}, and the network has ${zones}${unnamed ? ' as long as none are named' : ''}`,
      `name ${wanted} in network.zones, e.g. ${region}a`,
      ...(type === 'express' ? ['write stream.type: standard, which does with two'] : []),
    ),
  ];
};

const instanceRefusals = (stream: NewCluster): Refusal[] => {
  const family = stream.type === 'express' ? 'express.' : 'kafka.';
  const instance = instanceOf(stream);
  return instance.startsWith(family)
    ? []
    : [
        refusal(
          ['stream', 'instance'],
          `${instance} is no ${stream.type} broker`,
          `write one of ${family}…, e.g. ${stream.type === 'express' ? 'express.m7g.large' : 'kafka.t3.small'}`,
          `write stream.type: ${stream.type === 'express' ? 'standard' : 'express'}`,
        ),
      ];
};

const expressVersions = ['3.6', '3.8', '3.9', '4.2'];

/** `AWS::MSK::Topic`, which makes the topics, wants 3.6. */
const versionRefusals = ({ type, version }: NewCluster): Refusal[] => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (type === 'express' && !expressVersions.includes(`${major}.${minor}`))
    return [
      refusal(
        ['stream', 'version'],
        `express brokers do not run Kafka ${version}`,
        `write one of ${expressVersions.join(', ')}, e.g. 3.9.x`,
      ),
    ];
  return major > 3 || (major === 3 && minor >= 6)
    ? []
    : [
        refusal(
          ['stream', 'version'],
          'the topics are made with the cluster, which takes Kafka 3.6',
          'write 3.6.0 or newer',
        ),
      ];
};

const replicaRefusals = (stage: Stage, stream: NewCluster): Refusal[] => {
  const { replicas } = stream.topics;
  const brokers = brokersOf(stage, stream);
  if (stream.type === 'express')
    return replicas === 3
      ? []
      : [
          refusal(
            ['stream', 'topics', 'replicas'],
            'express brokers keep three replicas of everything',
            'write replicas: 3',
          ),
        ];
  // without a network there is another refusal
  return replicas <= brokers || brokers === 0
    ? []
    : [
        refusal(
          ['stream', 'topics', 'replicas'],
          `${replicas} replicas do not fit on ${brokers} brokers, ${stream.brokersPerZone} in each of ${zoneCount(stage)} zones`,
          `write replicas: ${brokers}`,
          'name three zones in network.zones, for a broker more',
        ),
      ];
};

const storageRefusals = ({ type, storageGb }: NewCluster): Refusal[] =>
  type === 'express' && storageGb !== usualStorageGb
    ? [refusal(['stream', 'storageGb'], 'storage of express brokers grows by itself', 'leave storageGb out')]
    : [];

/** Of docs.aws.amazon.com/msk/latest/developerguide/limits.html: a cluster of MSK Serverless has so many. */
const serverlessPartitions = 2_400;

const tooManyPartitions = (partitions: number): Refusal[] => {
  const count = Object.keys(topics).length;
  const most = Math.floor(serverlessPartitions / count);
  return partitions <= most
    ? []
    : [
        refusal(
          ['stream', 'topics', 'partitions'],
          `${count} topics of ${partitions} partitions are more than the ${serverlessPartitions} of MSK Serverless`,
          `write partitions: ${most} or fewer`,
        ),
      ];
};
