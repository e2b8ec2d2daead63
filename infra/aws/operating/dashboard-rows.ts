import { functionNames } from '../../../shared/definitions/functions.ts';
import type { Row } from './chart.ts';
import { consumptions } from './consumptions.ts';
import { costRows } from './cost-rows.ts';
import {
  type Figure,
  fedFunctions,
  labelled,
  latency,
  ofCluster,
  ofEntry,
  ofFunction,
  ofMapping,
  ofStage,
  sumOf,
} from './figures.ts';
import type { Watched, Watching } from './watched.ts';

/** What became of hints, in the words of the accounts. Received is all of it. */
const outcomes = ['resolved', 'coalesced', 'deduplicated', 'rejected', 'dead', 'waiting'] as const;

/** The dashboard of a stage, from the entry to the bill. */
export const dashboardRows = (watched: Watched, watching: Watching): readonly Row[] => [
  intake(watched, watching),
  balance(watching),
  waiting(watched, watching),
  latencies(watching),
  trouble(watched, watching),
  deliveries(watching),
  ...costRows(watched, watching),
];

const intake = (watched: Watched, watching: Watching): Row => {
  const received = (counter: string): Figure => labelled(ofStage(watching, 'receive-webhook', counter, 'Sum'), counter);
  return {
    title: 'Intake',
    charts: [
      {
        title: 'Requests',
        kind: 'lines',
        figures: [
          labelled(ofEntry(watched, 'requests', 'Sum'), 'all'),
          labelled(ofEntry(watched, 'refused', 'Sum'), 'refused (4xx)'),
          labelled(ofEntry(watched, 'failed', 'Sum'), 'failed (5xx)'),
        ],
      },
      {
        title: 'Answer to the sender',
        kind: 'lines',
        unit: 'ms',
        figures: [
          labelled(ofEntry(watched, 'latency', 'p50'), 'median'),
          labelled(ofEntry(watched, 'latency', 'p99'), 'p99'),
        ],
      },
      { title: 'Hints', kind: 'lines', figures: ['in', 'rejected', 'spilled', 'retried'].map(received) },
    ],
  };
};

const balance = (watching: Watching): Row => {
  const hints = (outcome: string): Figure =>
    labelled(ofStage(watching, 'resolve-records', 'hints', 'Maximum', outcome), outcome);
  const off = labelled(ofStage(watching, 'resolve-records', 'unbalanced', 'Minimum'), 'not accounted for');
  return {
    title: 'Accounting: received = resolved + coalesced + deduplicated + rejected + dead + waiting',
    charts: [
      { title: 'Since the beginning', kind: 'numbers', figures: [...['received', ...outcomes].map(hints), off] },
      { title: 'What became of them', kind: 'areas', figures: outcomes.map(hints) },
      { title: 'Not accounted for', kind: 'lines', figures: [off] },
    ],
  };
};

const waiting = (watched: Watched, watching: Watching): Row => {
  const { functions, cluster } = watched;
  const fed = fedFunctions(watched);
  const estimated =
    cluster === undefined
      ? []
      : consumptions.map(({ name, topic, group }) =>
          labelled(
            ofCluster(cluster, 'EstimatedMaxTimeLag', 'Maximum', {
              'Consumer Group': `${watching.prefix}${group}`,
              Topic: `${watching.prefix}${topic}`,
            }),
            `${name}, estimated`,
          ),
        );
  return {
    title: 'Lag and age',
    charts: [
      {
        title: 'Records behind',
        kind: 'lines',
        figures: fed.map(({ name }) => labelled(ofFunction(functions[name], 'OffsetLag', 'Maximum'), name)),
      },
      {
        title: 'Age of the oldest record worked',
        kind: 'lines',
        unit: 's',
        figures: [...fed.map(({ name }) => labelled(ofStage(watching, name, 'oldest', 'Maximum'), name)), ...estimated],
      },
      {
        title: 'Waiting in the table',
        kind: 'lines',
        figures: [
          labelled(ofStage(watching, 'resolve-records', 'waiting', 'Maximum'), 'to be read from a CRM'),
          labelled(ofStage(watching, 'receive-webhook', 'waiting', 'Maximum'), 'spilled'),
          labelled(ofStage(watching, 'keep-time', 'waiting', 'Maximum'), 'relayed'),
        ],
      },
    ],
  };
};

const latencies = (watching: Watching): Row => ({
  title: 'From a webhook’s receipt',
  charts: (['receipt_to_change', 'receipt_to_delivery'] as const).map((name) => ({
    title: name === 'receipt_to_change' ? 'To the change of a grade' : 'To the delivery',
    kind: 'lines',
    unit: 's',
    figures: [labelled(latency(watching, name, 'p50'), 'median'), labelled(latency(watching, name, 'p99'), 'p99')],
  })),
});

const trouble = (watched: Watched, watching: Watching): Row => {
  const fed = fedFunctions(watched);
  const counted = (counter: string): readonly Figure[] =>
    fed.map(({ name }) => labelled(ofStage(watching, name, counter, 'Sum'), name));
  const lost = (metric: string, label: string): Figure =>
    sumOf(
      fed.map(({ mappingId }) => ofMapping(mappingId, metric, 'Sum')),
      label,
    );
  return {
    title: 'Dead letters and failures',
    charts: [
      { title: 'Dead letters', kind: 'areas', figures: counted('dead') },
      { title: 'Came again', kind: 'areas', figures: counted('retried') },
      {
        title: 'Failed invocations',
        kind: 'areas',
        figures: functionNames.map((name) => labelled(ofFunction(watched.functions[name], 'Errors', 'Sum'), name)),
      },
      ...(watching.provisioned
        ? [
            {
              title: 'Given up by Lambda',
              kind: 'areas' as const,
              figures: [lost('OnFailureDestinationDeliveredEventCount', 'kept'), lost('DroppedEventCount', 'dropped')],
            },
          ]
        : []),
    ],
  };
};

/** Channels are the workspace's: whichever there are is found by a search. */
const deliveries = ({ namespace }: Watching): Row => {
  const search = `SEARCH('{"${namespace}",stage,of} stage="deliver" MetricName="deliveries"', 'Maximum', 300)`;
  return {
    title: 'Deliveries by channel and state',
    charts: [
      { title: 'Since the beginning', kind: 'numbers', figures: [{ formula: search, of: {}, label: '' }] },
      { title: 'In five minutes', kind: 'lines', figures: [{ formula: `DIFF(${search})`, of: {}, label: '' }] },
    ],
  };
};
