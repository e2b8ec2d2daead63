import { once } from 'node:events';
import type { HeardAlert } from './alert-receiver.ts';
import type { Bench } from './bench.ts';
import type { Contestant } from './contest.ts';
import { raiseLoad } from './raw-load.ts';
import { type BenchNode, startBenchNode } from './regrade-node.ts';
import { type BenchWebhook, webhookSource } from './webhooks.ts';

export interface BareHandler {
  readonly url: string;
  readonly pid: number;
}

export interface NodeUnderTest extends BenchNode {
  /** New webhooks, no two alike. */
  webhooks(count: number): readonly BenchWebhook[];
  /** The alerts that came in since the last call. */
  takeAlerts(): Promise<readonly HeardAlert[]>;
}

/** The handler that everything is measured against, warm. */
export const startBareHandler = async ({ children, sizes }: Bench): Promise<BareHandler> => {
  const { child, url } = await children.fork('./bare-handler.ts');
  const { requests } = anyRequests(sizes.customers);
  await raiseLoad({ url, connections: 64, requests, repeat: true, maxSeconds: sizes.bareSeconds });
  return { url, pid: child.pid ?? 0 };
};

/** A node with all customers, and whoever takes its alerts in; warm, and with nothing left to do. */
export const startNodeUnderTest = async (bench: Bench, name: string): Promise<NodeUnderTest> => {
  const { children, sizes } = bench;
  const receiver = await children.fork('./alert-receiver.ts');
  const store = await bench.store();
  bench.tell(`starting regrade (${name})`);
  const node = await startBenchNode(children, {
    folder: bench.folder(name),
    store,
    alertUrl: `${receiver.url}/alerts`,
  });
  const source = webhookSource(sizes.customers, 23);
  const under: NodeUnderTest = {
    ...node,
    webhooks: source.make,
    takeAlerts: async () => {
      const answer = once(receiver.child, 'message');
      receiver.child.send('take');
      const [alerts] = (await answer) as [readonly HeardAlert[]];
      return alerts;
    },
  };
  await raiseLoad({
    url: node.url,
    connections: 64,
    maxSeconds: sizes.turnSeconds,
    requests: requestsOf(under.webhooks(Math.round(sizes.webhooks / 2))),
  });
  await node.drained();
  await under.takeAlerts();
  return under;
};

export const requestsOf = (webhooks: readonly BenchWebhook[]): readonly Buffer[] =>
  webhooks.map(({ request }) => request);

/** For servers that remember nothing: the same requests again and again. */
export const anyRequests = (customers: number): { readonly requests: readonly Buffer[]; readonly repeat: true } => ({
  requests: requestsOf(webhookSource(customers, 29).make(2_000)),
  repeat: true,
});

/** The bare handler as a contestant. It is asked for as long as a turn may last: it has nothing to run out of. */
export const bareContestant = ({ url, pid }: BareHandler, { sizes }: Bench, connections: number): Contestant => {
  const { requests } = anyRequests(sizes.customers);
  return {
    name: `bare handler, ${connections} connections`,
    pid,
    load: () => ({ url, connections, requests, repeat: true, maxSeconds: sizes.bareSeconds }),
  };
};
