import type { Answer } from './answer.ts';
import type { Bench } from './bench.ts';
import { compete, type Standing, standingRow } from './contest.ts';
import { raiseLoad } from './raw-load.ts';
import {
  bareContestant,
  type NodeUnderTest,
  requestsOf,
  startBareHandler,
  startNodeUnderTest,
} from './start-contestants.ts';
import { percentile } from './statistics.ts';

const senders = 64;
const steadyPerSecond = 500;

/** How many webhooks per second go all the way: acknowledged, graded, in the ledger, and their alerts delivered. */
export const askPipeline = async (bench: Bench): Promise<readonly Answer[]> => {
  const { sizes, tell } = bench;
  const bare = await startBareHandler(bench);
  const node = await startNodeUnderTest(bench, 'pipeline');
  let alerts = 0;
  const standings = await compete(
    [
      bareContestant(bare, bench, senders),
      {
        name: `regrade, webhook to delivered alert, ${senders} connections`,
        pid: node.pid,
        load: () => ({
          ...{ url: node.url, connections: senders, maxSeconds: sizes.turnSeconds },
          requests: requestsOf(node.webhooks(sizes.webhooks)),
        }),
        finish: node.drained,
        rest: async () => {
          alerts += (await node.takeAlerts()).length;
        },
      },
    ],
    sizes.rounds,
    tell,
  );
  const [bareStanding, standing] = standings as readonly [Standing, Standing];
  const changed = ((100 * alerts) / standing.answered).toFixed(1);
  tell(`at ${steadyPerSecond} webhooks per second`);
  return [
    {
      title: 'Pipeline: webhooks per second that are acknowledged, graded, in the ledger, and their alerts delivered',
      rows: [standingRow(bareStanding, bareStanding), standingRow(standing, bareStanding)],
      notes: [
        `the time runs until the last alert is delivered; ${changed} % of the webhooks changed a grade`,
        `p50 and p99 are those of the acknowledgement, with every connection asking all the time`,
        `${sizes.customers.toLocaleString('en')} customers of 1–100 facts, ten factors with windows, webhooks of 1 KB with HMAC; medians of ${sizes.rounds} rounds`,
      ],
    },
    await alertLatency(node, { seconds: sizes.pacedSeconds, perSecond: steadyPerSecond, settled: node.drained }),
  ];
};

export interface Pace {
  readonly seconds: number;
  readonly perSecond: number;
  /** Until the last alert is in. */
  readonly settled: () => Promise<unknown>;
}

/** From a webhook's due instant to the arrival of the alert it led to. */
export const alertLatency = async (node: NodeUnderTest, { seconds, perSecond, settled }: Pace): Promise<Answer> => {
  const webhooks = node.webhooks(perSecond * seconds);
  const load = { url: node.url, connections: senders, requests: requestsOf(webhooks), perSecond };
  const { sentAt, p50Ms, p99Ms } = await raiseLoad(load);
  await settled();
  // of a customer with several webhooks one cannot tell which of them the alert is about
  const sentOnce = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [index, { customer }] of webhooks.entries()) {
    if (sentOnce.has(customer)) repeated.add(customer);
    sentOnce.set(customer, sentAt[index] ?? 0);
  }
  const latencies = (await node.takeAlerts()).flatMap(({ customer, at }) => {
    const sent = sentOnce.get(customer);
    return sent === undefined || repeated.has(customer) ? [] : [at - sent];
  });
  return {
    title: `Latency at ${perSecond} webhooks per second`,
    rows: [
      { from: 'webhook sent', to: 'acknowledged', 'p50 ms': p50Ms, 'p99 ms': p99Ms, of: webhooks.length },
      {
        ...{ from: 'webhook sent', to: 'alert received', of: latencies.length },
        'p50 ms': percentile(latencies, 0.5),
        'p99 ms': percentile(latencies, 0.99),
      },
    ],
    notes: ['counted from the instant a webhook was due by the pace, whether or not the node kept up'],
  };
};
