import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { freePort, type RunningEngine, runToEnd, startServer } from './child-process.ts';

const version = '4.3.0';
const log4j = '2.25.3';

/** The folder of Kafka's jars; fetched from Maven's repository the first time, 44 MB. */
export const fetchKafka = async (): Promise<string> => {
  const cache = resolve('node_modules/.cache/regrade-engines');
  const jars = join(cache, `kafka-${version}`);
  if (existsSync(jars)) return jars;
  process.stdout.write(`fetching Apache Kafka ${version} ...\n`);
  const partial = `${jars}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  writeFileSync(join(partial, 'pom.xml'), pom());
  try {
    await runToEnd('mvn', ['-B', '-q', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], partial);
    // complete or not there at all: an interrupted fetch must not look like a cache
    renameSync(join(partial, 'lib'), jars);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return jars;
};

const pom = (): string => {
  const dependency = (groupId: string, artifactId: string, wanted: string): string =>
    `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${wanted}</version></dependency>`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>regrade</groupId><artifactId>engines</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', version)}
${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', log4j)}
${dependency('org.apache.logging.log4j', 'log4j-core', log4j)}
</dependencies></project>`;
};

export interface KafkaOptions {
  /** A free one by default. */
  readonly port?: number;
  /** Where it says that it can be found, e.g. a proxy before it. Its own port by default. */
  readonly advertised?: string;
  /** Further ones. */
  readonly listeners?: readonly { readonly name: string; readonly protocol: string; readonly address: string }[];
  /** Further lines of server.properties. */
  readonly properties?: readonly string[];
  /** What the storage is formatted with beyond the ordinary, e.g. users. */
  readonly format?: readonly string[];
}

/** Broker and controller in one process (KRaft), one node, topics only as they are asked for. */
export const startKafka = async (folder: string, jars: string, options: KafkaOptions = {}): Promise<RunningEngine> => {
  const [port, controllerPort] = [options.port ?? (await freePort()), await freePort()];
  const address = `127.0.0.1:${port}`;
  const further = (options.listeners ?? []).map(({ name, address: at }) => `,${name}://${at}`).join('');
  const protocols = (options.listeners ?? []).map(({ name, protocol }) => `,${name}:${protocol}`).join('');
  const lines = [
    ...properties(folder, controllerPort),
    `listeners=PLAINTEXT://${address},CONTROLLER://127.0.0.1:${controllerPort}${further}`,
    `advertised.listeners=PLAINTEXT://${options.advertised ?? address}${further}`,
    `listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${protocols}`,
    ...(options.properties ?? []),
  ];
  writeFileSync(join(folder, 'server.properties'), lines.join('\n'));
  writeFileSync(join(folder, 'log4j2.properties'), logging);
  const cluster = (await runToEnd('java', java(jars, 'kafka.tools.StorageTool', 'random-uuid'), folder)).trim();
  const format = ['format', '--standalone', '-t', cluster, '-c', 'server.properties', ...(options.format ?? [])];
  await runToEnd('java', java(jars, 'kafka.tools.StorageTool', ...format), folder);
  return restartKafka(folder, jars, address);
};

/** Starts one that was started in this folder before, and ended. */
export const restartKafka = (folder: string, jars: string, address: string): Promise<RunningEngine> =>
  startServer('java', java(jars, 'kafka.Kafka', 'server.properties'), {
    cwd: folder,
    address,
    answers: () => describeCluster(address),
  });

const java = (jars: string, main: string, ...args: string[]): string[] => [
  ...['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-Dlog4j2.configurationFile=log4j2.properties'],
  ...['-cp', `${jars}/*`, main, ...args],
];

/** An open port is not yet a broker that answers. */
const describeCluster = async (address: string): Promise<void> => {
  const kafka = new Kafka({ brokers: [address], retry: { retries: 0 }, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.describeCluster();
  } finally {
    await admin.disconnect();
  }
};

const properties = (folder: string, controllerPort: number): readonly string[] => [
  'process.roles=broker,controller',
  'node.id=1',
  `controller.quorum.bootstrap.servers=127.0.0.1:${controllerPort}`,
  'controller.listener.names=CONTROLLER',
  `log.dirs=${join(folder, 'kafka')}`,
  'offsets.topic.replication.factor=1',
  'offsets.topic.num.partitions=1',
  'transaction.state.log.replication.factor=1',
  'transaction.state.log.min.isr=1',
  'transaction.state.log.num.partitions=1',
  'share.coordinator.state.topic.replication.factor=1',
  'share.coordinator.state.topic.min.isr=1',
  'group.initial.rebalance.delay.ms=0',
  'auto.create.topics.enable=false',
  'broker.session.timeout.ms=2000',
  'broker.heartbeat.interval.ms=500',
];

const logging = `
appender.stderr.type=Console
appender.stderr.name=stderr
appender.stderr.target=SYSTEM_ERR
appender.stderr.layout.type=PatternLayout
appender.stderr.layout.pattern=%p %c{1} %m%n
rootLogger.level=warn
rootLogger.appenderRef.stderr.ref=stderr
`;
