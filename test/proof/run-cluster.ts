import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChannelServers } from './channel-servers.ts';
import type { ProofInput, ProofWebhook } from './crash-input.ts';

export interface ClusterRunSettings {
  readonly folder: string;
  readonly servers: ChannelServers;
  readonly input: ProofInput;
  readonly brokers: string;
  readonly endpoint: string;
  /** Names this run's topics and table. */
  readonly run: string;
  readonly workers: number;
  readonly kills: number;
  /** Kills the broker and starts it again. */
  readonly breakBroker: () => Promise<void>;
  readonly brokerKills: number;
  readonly faultRate: number;
  readonly random: () => number;
  readonly onProgress?: (text: string) => void;
  /** Resolves when everything taken is worked, or with what is left after a while. */
  readonly settled: () => Promise<void>;
}

export interface ClusterRun {
  readonly kills: number;
  /** Kills that came between what is written ahead of a state and the state. */
  readonly killsBeforeState: number;
  readonly brokerKills: number;
  /** Times that something was sent again because no answer came. */
  readonly resent: number;
  readonly unavailable: number;
  /** Workers that ended by themselves. A supervisor starts them again, as a cluster would. */
  readonly gaveUp: number;
  readonly answers: ReadonlyMap<number, number>;
}

interface Worker {
  readonly child: ChildProcess;
  readonly url: string;
}

const script = fileURLToPath(new URL('./cluster-worker.ts', import.meta.url));
/** Room for what a kill leaves behind to be noticed before the next one. */
const betweenKillsMs = 5_000;
const armedMs = 8_000;

/**
 * Sends the whole input to workers in processes of their own while these are killed one by one and started again, and the
 * broker as well; whatever was not answered is sent again, unchanged, to another worker.
 */
export const runCluster = async (settings: ClusterRunSettings): Promise<ClusterRun> => {
  const { input, random, kills, brokerKills } = settings;
  const workers: Worker[] = [];
  let started = 0;
  const count = { kills: 0, killsBeforeState: 0, brokerKills: 0, resent: 0, unavailable: 0, gaveUp: 0 };
  let over = false;
  const fill = async (slot: number): Promise<void> => {
    const worker = await startWorkerProcess(settings, (started += 1));
    workers[slot] = worker;
    worker.child.once('exit', (code) => {
      if (code !== 1 || over) return;
      count.gaveUp += 1;
      void fill(slot);
    });
  };
  for (let slot = 0; slot < settings.workers; slot += 1) await fill(slot);
  const answers = new Map<number, number>();
  let sent = 0;

  const sendLane = async (queue: readonly ProofWebhook[]): Promise<void> => {
    for (const webhook of queue) {
      // sends go on for as long as kills do
      while (sent > ((count.kills + 1) / (kills + 1)) * input.webhooks.length) await pause(20);
      for (;;) {
        const worker = workers[Math.floor(random() * workers.length)];
        const status = worker === undefined ? undefined : await post(worker.url, webhook);
        if (status !== undefined && status !== 503) {
          answers.set(status, (answers.get(status) ?? 0) + 1);
          break;
        }
        if (status === 503) count.unavailable += 1;
        else count.resent += 1;
        await pause(50);
      }
      sent += 1;
      settings.onProgress?.(
        `${sent} of ${input.webhooks.length} sent, ${count.kills} kills, ${count.brokerKills} of the broker`,
      );
    }
  };
  const lanes = Array.from({ length: input.lanes }, (_, lane) => input.webhooks.filter((one) => one.lane === lane));
  const sending = Promise.all(lanes.map(sendLane));

  for (let kill = 1; kill <= kills; kill += 1) {
    await pause(random() * betweenKillsMs);
    const early = kill % 3 === 0 ? await killedBeforeState(workers) : undefined;
    const slot = early ?? Math.floor(random() * workers.length);
    if (early === undefined) await killWorker(workers[slot]?.child);
    else count.killsBeforeState += 1;
    count.kills += 1;
    const breaks = Math.floor((kill * brokerKills) / kills) > count.brokerKills;
    if (breaks) {
      await settings.breakBroker();
      count.brokerKills += 1;
    }
    await fill(slot);
  }
  await sending;
  await settings.settled();
  over = true;
  for (const { child } of workers) await stopWorker(child);
  return { ...count, answers };
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const post = async (url: string, { signed }: ProofWebhook): Promise<number | undefined> => {
  try {
    const response = await fetch(`${url}/hooks/generic/shop`, {
      method: 'POST',
      body: signed.body,
      headers: signed.headers,
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
};

const startWorkerProcess = async (settings: ClusterRunSettings, nth: number): Promise<Worker> => {
  const { folder, servers, brokers, endpoint, run, faultRate } = settings;
  const { alertUrl, robotUrl, heldUrl } = servers;
  const given = { folder, alertUrl, robotUrl, heldUrl, brokers, endpoint, run, faultRate };
  for (let attempt = 1; ; attempt += 1) {
    const text = JSON.stringify({ ...given, seed: nth * 1_000 + attempt, delayIndexReadsMs: 300 });
    const child = fork(script, [text], {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
    const url = await new Promise<string | undefined>((resolve) => {
      child.once('message', (message) => resolve(message as string));
      child.once('exit', () => resolve(undefined));
    });
    if (url !== undefined) return { child, url };
    // its start met a broker that was away, or too many faults in a row
    if (attempt === 10) throw new Error('a worker does not start');
    await pause(500);
  }
};

/** The slot of a worker that died between what goes ahead of a state and the state; nothing when none came to that in time. */
const killedBeforeState = async (workers: readonly Worker[]): Promise<number | undefined> => {
  const died = workers.map(
    ({ child }, slot) => new Promise<number>((resolve) => child.once('exit', () => resolve(slot))),
  );
  for (const { child } of workers) if (child.connected) child.send('die-before-state');
  const slot = await Promise.race([...died, pause(armedMs)]);
  for (const [index, { child }] of workers.entries()) if (index !== slot && child.connected) child.send('live');
  return typeof slot === 'number' ? slot : undefined;
};

const killWorker = async (child: ChildProcess | undefined): Promise<void> => {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
};

const stopWorker = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.send('stop');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await ended;
  clearTimeout(impatience);
};
