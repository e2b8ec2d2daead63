import { connect, type Socket } from 'node:net';
import { monotonicMs } from './monotonic-clock.ts';
import { percentile } from './statistics.ts';

export interface LoadSettings {
  readonly url: string;
  /** One request is under way per connection. */
  readonly connections: number;
  /** Whole requests, head and body, in the order of sending. */
  readonly requests: readonly Buffer[];
  /** Goes round to the first request again after the last one. Needs `maxSeconds`. */
  readonly repeat?: boolean;
  /** Sends at this pace; as fast as answers come when absent. */
  readonly perSecond?: number;
  /** Sends nothing more after this time. */
  readonly maxSeconds?: number;
}

export interface LoadResult {
  readonly answered: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** When each was sent, or was due where there is a pace, by `monotonicMs`. */
  readonly sentAt: readonly number[];
  /** Share of one processor that the generator itself took: near 1 it is the generator that is measured. */
  readonly generatorBusy: number;
}

/** A server that answers nothing for so long has stopped. */
const patienceMs = 20_000;

/**
 * Raises load over kept sockets, far cheaper than an HTTP client, so that on two cores the server is what is measured.
 * Latency is to the whole answer; at a pace it counts from when the request was due, so that a stalled server is not
 * spared the requests it held up. Answers other than 2xx end it: a rate of refusals is no rate.
 */
export const raiseLoad = async (settings: LoadSettings): Promise<LoadResult> => {
  const { url, connections, requests, repeat = false, perSecond, maxSeconds = Number.POSITIVE_INFINITY } = settings;
  const sockets = await openSockets(url, connections);
  const processorBefore = process.cpuUsage();
  const begun = monotonicMs();
  const last = repeat ? Number.POSITIVE_INFINITY : requests.length;
  const pace = perSecond === undefined ? 0 : 1_000 / perSecond;
  const sentAt: number[] = [];
  const latencies: number[] = [];
  let timer: NodeJS.Timeout | undefined;
  let watch: NodeJS.Timeout | undefined;

  await new Promise<void>((resolve, reject) => {
    const idle = [...sockets];
    const isOver = (): boolean => sentAt.length >= last || monotonicMs() - begun >= maxSeconds * 1_000;
    const pump = (): void => {
      while (idle.length > 0 && !isOver()) {
        const index = sentAt.length;
        const due = begun + index * pace;
        const now = monotonicMs();
        if (pace > 0 && now < due) break;
        // in turn, so that none is idle for so long that the server closes it
        const socket = idle.shift();
        const request = requests[index % requests.length];
        if (socket === undefined || request === undefined) break;
        sentAt.push(pace > 0 ? due : now);
        ask(socket, request, (problem) => {
          if (problem !== undefined) {
            reject(new Error(`${url}: ${problem}`));
            return;
          }
          latencies.push(monotonicMs() - (sentAt[index] ?? 0));
          idle.push(socket);
          pump();
        });
      }
      if (isOver() && idle.length === sockets.length) resolve();
    };
    let before = -1;
    watch = setInterval(() => {
      if (latencies.length === before && latencies.length < sentAt.length)
        reject(new Error(`${url}: stopped answering`));
      before = latencies.length;
    }, patienceMs);
    if (pace > 0) timer = setInterval(pump, 1);
    pump();
  }).finally(() => {
    clearInterval(timer);
    clearInterval(watch);
    for (const socket of sockets) socket.destroy();
  });

  const seconds = (monotonicMs() - begun) / 1_000;
  const { user, system } = process.cpuUsage(processorBefore);
  return {
    answered: latencies.length,
    seconds,
    perSecond: latencies.length / seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    sentAt,
    generatorBusy: (user + system) / 1e6 / seconds,
  };
};

/** A few at a time: a server that is busy for a moment drops what overflows its queue, and the retry takes seconds. */
const openSockets = async (url: string, count: number): Promise<readonly Socket[]> => {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const next = Math.min(16, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: next }, () => openSocket(url)))));
  }
  return sockets;
};

const openSocket = (url: string): Promise<Socket> => {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  socket.setEncoding('latin1');
  return new Promise((resolve, reject) => socket.once('connect', () => resolve(socket)).once('error', reject));
};

/** Sends one request and waits for its whole answer, as long as the answer says it is. */
const ask = (socket: Socket, request: Buffer, done: (problem?: string) => void): void => {
  let received = '';
  const onData = (chunk: string): void => {
    received += chunk;
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /content-length: (\d+)/i.exec(received.slice(0, end))?.[1];
    if (received.length < end + 4 + Number(length ?? 0)) return;
    finish(received.startsWith('HTTP/1.1 2') ? undefined : `answered ${received.slice(9, 12)}`);
  };
  const onClose = (): void => finish('closed the connection');
  const finish = (problem?: string): void => {
    socket.off('data', onData).off('close', onClose);
    done(problem);
  };
  if (socket.destroyed) finish('closed an idle connection');
  else socket.on('data', onData).on('close', onClose).write(request);
};

/** The bytes of a POST of JSON. */
export const postOf = (path: string, body: string, headers: Readonly<Record<string, string>>): Buffer => {
  const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map(
    ([name, v]) => `${name}: ${v}\r\n`,
  );
  const length = Buffer.byteLength(body);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}content-length: ${length}\r\n\r\n${body}`,
  );
};
