import { type Alarm, alarm } from './alarm.ts';
import { ofCluster, type Series, sumOf } from './figures.ts';
import type { Watched, WatchedBrokers, WatchedCluster } from './watched.ts';

/** Percent of a broker's disk. */
const mostDisk = 85;
/** Percent: above it a broker that fails leaves too much to the others (docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html). */
const mostCpu = 60;
/** Credits of a burstable broker: without any it has a fifth of its processor. */
const leastCredits = 100;
/** Connections that a broker takes at once, by IAM (docs.aws.amazon.com/msk/latest/developerguide/limits.html). */
const connectionLimits = { burstable: 300, steady: 3_000 } as const;
const mostOfConnections = 0.8;

/** Of brokers that are made with the stage. */
export const brokerAlarms = ({ cluster }: Pick<Watched, 'cluster'>): readonly Alarm[] =>
  cluster?.brokers === undefined ? [] : alarmsOf(cluster, cluster.brokers);

const alarmsOf = (cluster: WatchedCluster, brokers: WatchedBrokers): readonly Alarm[] => [
  alarm(
    ['no-controller'],
    'The cluster has no controller: topics and groups cannot move. See the health of the cluster.',
    ofCluster(cluster, 'ActiveControllerCount', 'Maximum'),
    { beyond: 'below', limit: 1, periods: 3 },
  ),
  ...(brokers.type === 'standard'
    ? [
        alarm(
          ['offline-partitions'],
          'Partitions have no leader: nothing goes in or out of them. See which broker is away.',
          ofCluster(cluster, 'OfflinePartitionsCount', 'Sum'),
        ),
      ]
    : []),
  ...numbered(brokers).flatMap((broker) => alarmsOfBroker(cluster, brokers, broker)),
];

const numbered = ({ count }: WatchedBrokers): readonly string[] =>
  Array.from({ length: count }, (_, before) => String(before + 1));

const alarmsOfBroker = (
  cluster: WatchedCluster,
  { type, burstable }: WatchedBrokers,
  broker: string,
): readonly Alarm[] => {
  const of = (metric: string, statistic: Series['statistic']): Series =>
    ofCluster(cluster, metric, statistic, { 'Broker ID': broker });
  const disk = alarm(
    ['broker-disk', broker],
    `The disk of broker ${broker} is nearly full: raise stream.storageGb, or lower retention.topicDays.`,
    of('KafkaDataLogsDiskUsed', 'Maximum'),
    { limit: mostDisk },
  );
  const credits = alarm(
    ['broker-credits', broker],
    `Broker ${broker} has used up its credit and will be slow: choose a larger stream.instance.`,
    of('CPUCreditBalance', 'Minimum'),
    { beyond: 'below', limit: leastCredits, periods: 3 },
  );
  const connections = alarm(
    ['broker-connections', broker],
    `Broker ${broker} has nearly as many connections as it takes: lower functions.receive-webhook.concurrency, or choose a larger stream.instance.`,
    of('ConnectionCount', 'Maximum'),
    { limit: connectionLimits[burstable ? 'burstable' : 'steady'] * mostOfConnections },
  );
  return [
    alarm(
      ['broker-cpu', broker],
      `Broker ${broker} has little left to give: choose a larger stream.instance or more brokers.`,
      sumOf([of('CpuUser', 'Maximum'), of('CpuSystem', 'Maximum')]),
      { limit: mostCpu, periods: 3 },
    ),
    ...(type === 'standard' ? [disk] : []),
    ...(burstable ? [credits] : []),
    connections,
  ];
};
