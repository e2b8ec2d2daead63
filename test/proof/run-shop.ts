import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '#shared/adapters/sqlite/database.ts';
import { groups } from '#shared/definitions/topics.ts';
import type { ChannelServers } from './channel-servers.ts';
import type { ProofInput, ProofWebhook } from './crash-input.ts';

export interface ShopRun {
  readonly kills: number;
  /** Times that something was sent again because no answer came. */
  readonly resent: number;
  readonly answers: ReadonlyMap<number, number>;
}

export interface ShopRunSettings {
  readonly folder: string;
  readonly servers: ChannelServers;
  readonly input: ProofInput;
  /** How often the process is killed, spread over the run. */
  readonly kills: number;
  readonly random: () => number;
  readonly onProgress?: (sent: number, kills: number) => void;
}

interface Node {
  readonly child: ChildProcess;
  readonly url: string;
}

/**
 * Sends the whole input to a node in a process of its own, lane by lane, one unanswered webhook per lane; kills that
 * process again and again without warning, sets every consumer back by a random amount, starts it again, and sends what
 * was not answered once more, unchanged.
 */
export const runShop = async (settings: ShopRunSettings): Promise<ShopRun> => {
  const { input, kills, random, onProgress } = settings;
  const lanes = Array.from({ length: input.lanes }, (_, lane) => input.webhooks.filter((one) => one.lane === lane));
  const unsent = new Map(lanes.map((webhooks, lane) => [lane, [...webhooks]]));
  const answers = new Map<number, number>();
  const every = input.webhooks.length / (kills + 1);
  let node = await startProcess(settings);
  let sent = 0;
  let killed = 0;
  let resent = 0;
  let restarting: Promise<void> | undefined;

  const killAndRestart = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, random() * 40));
    await killProcess(node.child);
    rewindConsumers(settings);
    node = await startProcess(settings);
    killed += 1;
    restarting = undefined;
  };
  const settledAt = (): number =>
    Math.min(...[...unsent.values()].map((queue) => queue[0]?.at ?? Number.MAX_SAFE_INTEGER));
  const workLane = async (lane: number): Promise<void> => {
    const queue = unsent.get(lane) ?? [];
    for (let webhook = queue[0]; webhook !== undefined; webhook = queue[0]) {
      const status = await post(node.url, webhook, Math.min(settledAt(), input.end));
      if (status === undefined) {
        resent += 1;
        await (restarting ?? new Promise((resolve) => setTimeout(resolve, 5)));
        continue;
      }
      queue.shift();
      answers.set(status, (answers.get(status) ?? 0) + 1);
      sent += 1;
      onProgress?.(sent, killed);
      if (killed < kills && restarting === undefined && sent >= every * (killed + 1)) restarting = killAndRestart();
    }
  };
  const workers = Array.from({ length: Math.min(8, lanes.length) }, async (_, worker) => {
    for (let lane = worker; lane < lanes.length; lane += 8) await workLane(lane);
  });
  await Promise.all(workers);
  await restarting;
  await post(node.url, closing(input), input.end);
  await say(node.child, 'idle');
  node.child.send('stop');
  await new Promise((resolve) => node.child.once('exit', resolve));
  return { kills: killed, resent, answers };
};

/** A delivery about nobody: brings the clock to the end, so that every window lapses. */
const closing = ({ webhooks, end }: ProofInput): ProofWebhook => ({ ...(webhooks[0] as ProofWebhook), at: end });

const post = async (url: string, { signed, at }: ProofWebhook, settled: number): Promise<number | undefined> => {
  try {
    const headers = { ...signed.headers, 'x-proof-now': String(at), 'x-proof-settled': String(settled) };
    const response = await fetch(`${url}/hooks/generic/shop`, { method: 'POST', body: signed.body, headers });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
};

const script = fileURLToPath(new URL('./crash-node.ts', import.meta.url));

const startProcess = async ({ folder, servers, input }: ShopRunSettings): Promise<Node> => {
  const { alertUrl, robotUrl, heldUrl } = servers;
  const child = fork(script, [folder, alertUrl, robotUrl, heldUrl, String(input.start)], {
    execArgv: ['--import', 'tsx'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(message as string));
    child.once('exit', (code) => reject(new Error(`the node ended with ${code} before it ran`)));
  });
  return { child, url };
};

const killProcess = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });

const say = (child: ChildProcess, message: string): Promise<void> =>
  new Promise((resolve) => {
    child.on('message', (answer) => {
      if (answer === message) resolve();
    });
    child.send(message);
  });

/** Every consumer forgets some of what it has done. */
const rewindConsumers = ({ folder, random }: ShopRunSettings): void => {
  const db = openDatabase(join(folder, 'data', 'regrade.db'), []);
  for (const group of Object.values(groups))
    db.prepare('UPDATE stream_groups SET next = max(0, next - ?) WHERE reader = ?').run(
      Math.floor(random() * 60),
      group,
    );
  db.close();
};
