import type { Answer } from './answer.ts';
import type { Bench } from './bench.ts';
import { compete, type Standing, standingRow, timesAsFast } from './contest.ts';
import { installNodeRed, startNodeRed } from './node-red-server.ts';
import { raiseLoad } from './raw-load.ts';
import { anyRequests, bareContestant, requestsOf, startBareHandler, startNodeUnderTest } from './start-contestants.ts';

const senders = 64;
const title = 'Beside Node-RED 4.1.10, which keeps nothing on disk';

/** The same webhooks into a flow of Node-RED that grades by five factors in memory. */
export const askNodeRed = async (bench: Bench): Promise<Answer> => {
  const { sizes, tell } = bench;
  tell('installing Node-RED, once');
  const problem = await installNodeRed();
  if (problem !== undefined) return { title, rows: [], notes: [`skipped: ${problem}`] };
  tell('starting Node-RED');
  const bare = await startBareHandler(bench);
  const nodeRed = await startNodeRed(bench.children, bench.folder('node-red'));
  const node = await startNodeUnderTest(bench, 'beside-node-red');
  const { requests } = anyRequests(sizes.customers);
  const turn = {
    url: nodeRed.url,
    connections: senders,
    requests,
    repeat: true,
    maxSeconds: sizes.bareSeconds,
  };
  await raiseLoad(turn);
  const standings = await compete(
    [
      bareContestant(bare, bench, senders),
      { name: 'Node-RED: HMAC, five factors, in memory', pid: nodeRed.pid, load: () => turn },
      {
        name: 'regrade: acknowledged on disk, its pipeline at work',
        pid: node.pid,
        load: () => ({
          ...{ url: node.url, connections: senders, maxSeconds: sizes.turnSeconds },
          requests: requestsOf(node.webhooks(sizes.webhooks)),
        }),
        rest: node.drained,
      },
    ],
    sizes.rounds,
    tell,
  );
  const [bareStanding, nodeRedStanding, ours] = standings as readonly [Standing, Standing, Standing];
  return {
    title,
    rows: [bareStanding, nodeRedStanding, ours].map((standing) => ({
      ...standingRow(standing, bareStanding),
      '× Node-RED': timesAsFast(standing, nodeRedStanding),
    })),
    notes: [`${senders} connections; medians of ${sizes.rounds} rounds`],
  };
};
