import { functionNames } from '../../../shared/definitions/functions.ts';
import { table } from '../../../shared/definitions/table.ts';
import type { Chart, Row } from './chart.ts';
import { type Figure, fedFunctions, labelled, ofFunction, ofMapping, ofNat, ofTable, type Series } from './figures.ts';
import type { Watched, Watching } from './watched.ts';

/** What the bill grows with. */
export const costRows = (watched: Watched, watching: Watching): readonly Row[] => [
  { title: 'Cost: functions and table', charts: [invocations(watched), seconds(watched), ...units(watched)] },
  { title: 'Cost: what else is used', charts: [logs(watched), ...pollers(watched, watching), ...bytes(watched)] },
];

const invocations = ({ functions }: Watched): Chart => ({
  title: 'Invocations',
  kind: 'areas',
  figures: functionNames.map((name) => labelled(ofFunction(functions[name], 'Invocations', 'Sum'), name)),
});

const seconds = ({ functions }: Watched): Chart => ({
  title: 'Lambda GB-seconds',
  kind: 'areas',
  unit: 'GB-s',
  figures: functionNames.map((name): Figure => {
    const { memoryMb } = functions[name];
    const duration = ofFunction(functions[name], 'Duration', 'Sum');
    return { formula: `duration / 1000 * ${memoryMb / 1_024}`, of: { duration }, label: name };
  }),
});

/** An index is written and read on its own account. */
const units = ({ tableName }: Watched): readonly Chart[] =>
  (['ConsumedWriteCapacityUnits', 'ConsumedReadCapacityUnits'] as const).map((metric) => ({
    title: metric === 'ConsumedWriteCapacityUnits' ? 'Write units' : 'Read units',
    kind: 'areas',
    figures: [
      labelled(ofTable(tableName, metric), 'table'),
      ...Object.values(table.indexes).map(({ name }) =>
        labelled(ofTable(tableName, metric, { GlobalSecondaryIndexName: name }), `index ${name}`),
      ),
    ],
  }));

const logs = ({ functions }: Watched): Chart => ({
  title: 'Log bytes',
  kind: 'areas',
  unit: 'bytes',
  figures: functionNames.map((name): Series => {
    const dimensions = { LogGroupName: functions[name].logGroupName };
    return { namespace: 'AWS/Logs', name: 'IncomingBytes', dimensions, statistic: 'Sum', label: name };
  }),
});

const pollers = (watched: Watched, { provisioned }: Watching): readonly Chart[] =>
  provisioned
    ? [
        {
          title: 'Poller units',
          kind: 'areas',
          figures: fedFunctions(watched).map(({ name, mappingId }) =>
            labelled(ofMapping(mappingId, 'EventPollerUnit', 'Sum'), name),
          ),
        },
      ]
    : [];

const bytes = ({ cluster, natGatewayIds }: Watched): readonly Chart[] => [
  ...(cluster === undefined
    ? []
    : [
        {
          title: 'Bytes of the cluster a second',
          kind: 'lines' as const,
          unit: 'bytes/s',
          figures: (['BytesInPerSec', 'BytesOutPerSec'] as const).map((metric): Figure => {
            // a serverless cluster tells it by topic, another by broker
            const by = cluster.serverless ? 'Topic' : '"Broker ID"';
            const search = `SEARCH('{AWS/Kafka,"Cluster Name",${by}} MetricName="${metric}" "Cluster Name"="${cluster.name}"', 'Average', 300)`;
            return { formula: `SUM(${search})`, of: {}, label: metric === 'BytesInPerSec' ? 'in' : 'out' };
          }),
        },
      ]),
  ...(natGatewayIds.length === 0
    ? []
    : [
        {
          title: 'Bytes through NAT',
          kind: 'areas' as const,
          unit: 'bytes',
          figures: natGatewayIds.flatMap((id, at) => [
            labelled(ofNat(id, 'BytesOutToDestination'), `out ${at + 1}`),
            labelled(ofNat(id, 'BytesInFromDestination'), `in ${at + 1}`),
          ]),
        },
      ]),
];
