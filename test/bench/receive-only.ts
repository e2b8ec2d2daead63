import { fork } from 'node:child_process';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import pino from 'pino';
import { createReceiveApp } from '../../functions/receive-webhook/app.ts';
import { createEntrances } from '../../functions/receive-webhook/entrances.ts';
import { readNodeBody } from '../../functions/receive-webhook/read-node-body.ts';
import { Connection } from '../../shared/definitions/workspace.ts';
import { TenantId } from '../../shared/domain/ids.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { receiveWebhook } from '../../shared/usecases/receive-webhook.ts';

// The webhook edge with an intake that takes everything at once, against a bare node:http handler that checks the same
// HMAC and parses the same JSON. Each server has its own process; requests come over 64 kept sockets. Rounds alternate,
// the medians are compared. Run with: npx tsx test/bench/receive-only.ts [seconds per round] [rounds]

const wallNow = 1_700_000_000_000;
const secretText = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const body = Buffer.from(
  JSON.stringify({
    type: 'invoice',
    id: 'inv-1001',
    account: 'acc-17',
    updated: '2026-03-01T10:00:00Z',
    lines: Array.from({ length: 12 }, (_, line) => ({
      sku: `SKU-${line}`,
      quantity: line + 1,
      price: 19.95,
      note: 'as agreed',
    })),
    text: 'x'.repeat(160),
  }),
);
const id = 'msg_bench';
const timestamp = String(wallNow / 1000);
const sign = (key: Buffer): string =>
  `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;

const startBare = async (): Promise<number> => {
  const key = Buffer.alloc(32, 7);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const {
        'webhook-id': name = '',
        'webhook-timestamp': at = '',
        'webhook-signature': given = '',
      } = request.headers;
      const expected = Buffer.from(
        `v1,${createHmac('sha256', key)
          .update(`${String(name)}.${String(at)}.`)
          .update(raw)
          .digest('base64')}`,
      );
      const signature = Buffer.from(String(given));
      const isSigned = expected.length === signature.length && timingSafeEqual(expected, signature);
      const parsed = JSON.parse(raw.toString()) as { id?: unknown };
      response.statusCode = isSigned && parsed.id !== undefined ? 200 : 401;
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const startApp = async (): Promise<number> => {
  const connection = Connection.parse({
    vendor: 'generic',
    signature: { kind: 'standard-webhooks', secrets: [{ env: 'BENCH' }] },
    records: { invoice: { id: 'id', customer: { kind: 'account', id: 'account' }, version: 'updated' } },
  });
  const receive = receiveWebhook({
    entrances: createEntrances({ bench: connection }, () => secretText),
    intake: { accept: () => Promise.resolve() },
    clock: { wallNow: () => wallNow, businessNow: () => wallNow },
    tenant: TenantId.parse('default'),
  });
  // lines are written in pages: a write per line costs as much as checking the signature
  const destination = pino.destination({ dest: '/dev/null', sync: false, minLength: 4096 });
  const log = createLogger('receive-webhook', { level: 'info', destination });
  const app = createReceiveApp({ receive, readBody: readNodeBody, log });
  return new Promise((resolve) => {
    serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
      resolve(port);
    });
  });
};

type Asked = 'cpu' | 'exit';

const beServer = async (kind: 'app' | 'bare'): Promise<void> => {
  const port = await (kind === 'bare' ? startBare() : startApp());
  process.on('message', (asked: Asked) => {
    if (asked === 'exit') process.exit(0);
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: user + system });
  });
  process.on('disconnect', () => process.exit(0)); // never outlives the generator
  process.send?.({ port });
};

const request = Buffer.concat([
  Buffer.from(
    `POST /hooks/generic/bench HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
      `webhook-id: ${id}\r\nwebhook-timestamp: ${timestamp}\r\nwebhook-signature: ${sign(Buffer.alloc(32, 7))}\r\n\r\n`,
  ),
  body,
]);

/** Answers counted over the time; each socket sends its next request when the last is answered. */
const load = (port: number, seconds: number): Promise<number> =>
  new Promise((resolve, reject) => {
    let answered = 0;
    let open = 64;
    const until = performance.now() + seconds * 1000;
    for (let index = 0; index < 64; index += 1) {
      const socket = connect(port, '127.0.0.1', () => socket.write(request));
      socket.setNoDelay(true);
      socket.on('error', reject);
      socket.on('data', (answer) => {
        if (answer.toString('latin1', 0, 12) !== 'HTTP/1.1 200') reject(new Error(answer.toString('latin1', 0, 60)));
        answered += 1;
        if (performance.now() < until) socket.write(request);
        else socket.end();
      });
      socket.on('close', () => {
        open -= 1;
        if (open === 0) resolve(answered / seconds);
      });
    }
  });

interface Server {
  readonly port: number;
  cpuMicros(): Promise<number>;
  stop(): void;
}

const start = (kind: 'app' | 'bare'): Promise<Server> =>
  new Promise((resolve) => {
    const child = fork(fileURLToPath(import.meta.url), [kind]);
    const answered: ((cpu: number) => void)[] = [];
    child.on('message', (message: { port?: number; cpu?: number }) => {
      if (message.cpu !== undefined) answered.shift()?.(message.cpu);
      if (message.port === undefined) return;
      resolve({
        port: message.port,
        cpuMicros: () =>
          new Promise((tell) => {
            answered.push(tell);
            child.send('cpu');
          }),
        stop: () => child.send('exit'),
      });
    });
  });

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

const compare = async (seconds: number, rounds: number): Promise<void> => {
  const kinds = ['bare', 'app'] as const;
  const servers = await Promise.all(kinds.map(start));
  const rates: Record<'app' | 'bare', number[]> = { bare: [], app: [] };
  const costs: Record<'app' | 'bare', number[]> = { bare: [], app: [] };
  for (const server of servers) await load(server.port, 2);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, kind] of kinds.entries()) {
      const server = servers[index];
      if (server === undefined) continue;
      const before = await server.cpuMicros();
      const rate = await load(server.port, seconds);
      costs[kind].push(((await server.cpuMicros()) - before) / (rate * seconds));
      rates[kind].push(rate);
    }
  for (const server of servers) server.stop();
  for (const kind of kinds)
    console.log(
      `${kind}: ${Math.round(median(rates[kind]))} requests/s, ${median(costs[kind]).toFixed(1)} µs CPU each`,
    );
  console.log(`throughput ratio app : bare = ${(median(rates.app) / median(rates.bare)).toFixed(2)} (to reach: 0.6)`);
  console.log(`CPU ratio bare : app = ${(median(costs.bare) / median(costs.app)).toFixed(2)}`);
};

const [first = '3', second = '5'] = process.argv.slice(2);
if (first === 'bare' || first === 'app') await beServer(first);
else await compare(Number(first), Number(second));
