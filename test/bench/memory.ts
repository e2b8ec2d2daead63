import type { Answer } from './answer.ts';
import type { Bench } from './bench.ts';
import { peakResidentMb, residentMb } from './process-figures.ts';
import { raiseLoad } from './raw-load.ts';
import { requestsOf, startNodeUnderTest } from './start-contestants.ts';

/** What the single node holds in RAM after work on all of its customers. */
export const askMemory = async (bench: Bench): Promise<Answer> => {
  const { sizes, tell } = bench;
  const node = await startNodeUnderTest(bench, 'memory');
  tell('filling the memory');
  const requests = requestsOf(node.webhooks(sizes.memoryWebhooks));
  await raiseLoad({ url: node.url, connections: 64, requests });
  await node.drained();
  return {
    title: 'Memory of the single node',
    rows: [
      {
        ...{ customers: sizes.customers, 'webhooks handled': requests.length },
        'resident MB': residentMb(node.pid),
        'at most MB': peakResidentMb(node.pid) ?? Number.NaN,
      },
    ],
    notes: ['the process as it stands after the last alert, without asking it to collect garbage'],
  };
};
