import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monotonicMs } from './monotonic-clock.ts';

/** An alert as it came in: whom it is about, and when. */
export interface HeardAlert {
  readonly customer: string;
  /** By {@link monotonicMs}. */
  readonly at: number;
}

// Takes Standard Webhooks deliveries, each once, and hands over on request what it has heard since the last time.
let heard: HeardAlert[] = [];
const seen = new Set<string>();
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const at = monotonicMs();
    response.writeHead(204).end();
    const id = String(request.headers['webhook-id']);
    const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: { customer: string } };
    if (!seen.has(id)) heard.push({ customer: data.customer, at });
    seen.add(id);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.on('message', () => {
  process.send?.(heard);
  heard = [];
});
process.on('disconnect', () => process.exit(0));
