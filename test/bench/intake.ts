import type { Answer } from './answer.ts';
import type { Bench } from './bench.ts';
import { type Contestant, compete, type Standing, standingRow } from './contest.ts';
import {
  bareContestant,
  type NodeUnderTest,
  requestsOf,
  startBareHandler,
  startNodeUnderTest,
} from './start-contestants.ts';
import { median } from './statistics.ts';

const senders = 64;
const crowd = 256;

/** How many webhooks the single node acknowledges per second, each on disk before its acknowledgement. */
export const askIntake = async (bench: Bench): Promise<Answer> => {
  const { sizes, tell } = bench;
  const bare = await startBareHandler(bench);
  const node = await startNodeUnderTest(bench, 'intake');
  const behind: number[] = [];
  const standings = await compete(
    [
      bareContestant(bare, bench, senders),
      nodeContestant(node, bench, senders, node.drained),
      bareContestant(bare, bench, crowd),
      nodeContestant(node, bench, crowd, async () => {
        behind.push((await node.readBacklog()).behindMs);
        await node.drained();
      }),
    ],
    sizes.rounds,
    tell,
  );
  const [bareFew, steady, bareMany, crowded] = standings as readonly [Standing, Standing, Standing, Standing];
  tell('at half of the rate reached');
  const half = await atPace(node, steady.perSecond / 2, sizes.pacedSeconds);
  return {
    title: 'Durable webhook intake: acknowledgements per second, each synced to disk first',
    rows: [
      standingRow(bareFew, bareFew),
      standingRow(steady, bareFew),
      standingRow(bareMany, bareMany),
      standingRow(crowded, bareMany),
      {
        ...standingRow(half, bareFew),
        contestant: `regrade at half of that rate, ${senders} connections`,
        '× bare': Number.NaN,
      },
    ],
    notes: [
      'intake and pipeline share one thread: meanwhile webhooks are also resolved, graded and acted on, and the backlog may grow',
      `when the last of the ${crowd} connections was answered, the slowest stage was ${Math.round(median(behind))} ms behind`,
      `${sizes.customers.toLocaleString('en')} customers of 1–100 facts, webhooks of 1 KB with HMAC; medians of ${sizes.rounds} rounds`,
    ],
  };
};

const nodeContestant = (
  node: NodeUnderTest,
  { sizes }: Bench,
  connections: number,
  rest: () => Promise<void>,
): Contestant => ({
  name: `regrade, its pipeline at work, ${connections} connections`,
  pid: node.pid,
  load: () => ({
    ...{ url: node.url, connections, maxSeconds: sizes.turnSeconds },
    requests: requestsOf(node.webhooks(sizes.webhooks)),
  }),
  rest,
});

const atPace = async (node: NodeUnderTest, perSecond: number, seconds: number): Promise<Standing> => {
  const [standing] = await compete(
    [
      {
        name: 'paced',
        pid: node.pid,
        load: () => ({
          ...{ url: node.url, connections: senders, perSecond },
          requests: requestsOf(node.webhooks(Math.round(perSecond * seconds))),
        }),
        rest: node.drained,
      },
    ],
    1,
    () => undefined,
  );
  return standing as Standing;
};
