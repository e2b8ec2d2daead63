import { topics } from '../../../shared/definitions/topics.ts';
import { brokersOf, instanceOf, type NewCluster } from '../config/new-cluster.ts';
import type { Stage } from '../config/stage.ts';
import { zoneCount } from '../config/zones.ts';
import type { Item } from './line.ts';
import { brokerItem, hoursPerMonth } from './price-list.ts';
import type { Situation } from './situation.ts';

/** A cluster of ours whole; of one that is there already, what our topics add to its bill; of a Kafka outside AWS nothing. */
export const streamItems = (situation: Situation): readonly Item[] => {
  const { stage, traffic } = situation;
  const { stream } = stage;
  switch (stream.kind) {
    case 'kafka':
      return [];
    case 'msk':
      return stream.serverless ? serverlessTraffic(situation) : crossZone(stage, traffic.topicGb);
    case 'msk-provisioned':
      return [...brokers(stream, situation), ...crossZone(stage, traffic.topicGb)];
    case 'msk-serverless':
      return [
        { kind: 'cluster', item: 'msk-serverless-cluster', quantity: hoursPerMonth },
        ...serverlessTraffic(situation),
      ];
  }
};

const brokers = (stream: NewCluster, { stage, traffic }: Situation): readonly Item[] => {
  const instance = instanceOf(stream);
  const count = brokersOf(stage, stream);
  const running: Item = { kind: 'brokers', of: instance, item: brokerItem(instance), quantity: count * hoursPerMonth };
  if (stream.type === 'standard')
    return [running, { kind: 'broker-storage', item: 'msk-storage', quantity: count * stream.storageGb }];
  return [
    running,
    { kind: 'topics-in', item: 'msk-express-in', quantity: traffic.topicGb },
    { kind: 'topics-kept', item: 'msk-express-storage', quantity: keptGb(stage, traffic.topicGb) },
  ];
};

const serverlessTraffic = ({ stage, traffic }: Situation): readonly Item[] => {
  const partitions = Object.values(topics).length * stage.stream.topics.partitions;
  return [
    { kind: 'partitions', item: 'msk-serverless-partition', quantity: partitions * hoursPerMonth },
    { kind: 'topics-in', item: 'msk-serverless-in', quantity: traffic.topicGb },
    { kind: 'topics-out', item: 'msk-serverless-out', quantity: traffic.topicGb },
    { kind: 'topics-kept', item: 'msk-serverless-storage', quantity: keptGb(stage, traffic.topicGb) },
  ];
};

const daysPerMonth = hoursPerMonth / 24;

const keptGb = ({ retention }: Stage, topicGb: number): number => (topicGb * retention.topicDays) / daysPerMonth;

/** Of what is sent and read most goes to a broker of another zone, and is charged where it leaves and where it comes. */
const crossZone = (stage: Stage, topicGb: number): readonly Item[] => {
  const zones = Math.max(1, zoneCount(stage));
  const ways = 2;
  const gb = 2 * topicGb * ways * ((zones - 1) / zones);
  return [{ kind: 'cross-zone', item: 'cross-zone-traffic', quantity: gb }];
};
