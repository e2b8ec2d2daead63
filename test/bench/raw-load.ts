import { connect, type Socket } from 'node:net';

export interface RawRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
}

export interface LoadSettings {
  readonly url: string;
  readonly connections: number;
  readonly requests: number;
  /** Sends at this pace; as fast as answers come when absent. */
  readonly perSecond?: number;
  /** The request with this number. */
  readonly make: (index: number) => RawRequest;
}

/**
 * A closed loop over raw sockets, one request under way per connection: far cheaper than an HTTP client, so that on two
 * cores the server is what is measured. Latency is from sending to the whole answer.
 */
export const raiseLoad = async (settings: LoadSettings): Promise<LoadResult> => {
  const { hostname, port } = new URL(settings.url);
  const latencies = new Float64Array(settings.requests);
  const statuses: Record<string, number> = {};
  let next = 0;
  let done = 0;
  const began = performance.now();
  const worker = async (): Promise<void> => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const ask = asker(socket);
    while (next < settings.requests) {
      const index = next;
      next += 1;
      if (settings.perSecond !== undefined) await until(began + (index * 1_000) / settings.perSecond);
      const bytes = bytesOf(settings.make(index), hostname);
      const sent = performance.now();
      const status = await ask(bytes);
      latencies[index] = performance.now() - sent;
      statuses[status] = (statuses[status] ?? 0) + 1;
      done += 1;
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: settings.connections }, worker));
  const seconds = (performance.now() - began) / 1_000;
  latencies.sort();
  const at = (share: number): number => latencies[Math.min(done - 1, Math.floor(done * share))] ?? 0;
  return { requests: done, perSecond: done / seconds, p50Ms: at(0.5), p99Ms: at(0.99), statuses };
};

const until = async (instant: number): Promise<void> => {
  const wait = instant - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
};

const bytesOf = ({ path, headers, body }: RawRequest, host: string): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\nhost: ${host}\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

/** Reads one answer at a time: status, and as many body bytes as it announces. */
const asker = (socket: Socket): ((bytes: string) => Promise<string>) => {
  let received = '';
  let answer: (status: string) => void = () => undefined;
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    received += chunk;
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /content-length: (\d+)/i.exec(received.slice(0, end));
    const chunked = length === null && /transfer-encoding: chunked/i.test(received.slice(0, end));
    if (chunked ? !received.endsWith('0\r\n\r\n') : received.length < end + 4 + Number(length?.[1] ?? 0)) return;
    const status = received.slice(9, 12);
    received = '';
    answer(status);
  });
  socket.on('error', () => answer('error'));
  return (bytes) =>
    new Promise((resolve) => {
      answer = resolve;
      socket.write(bytes);
    });
};
