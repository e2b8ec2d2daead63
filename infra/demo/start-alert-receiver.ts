import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { secretBytes, signatureHeader } from '../../shared/adapters/channels/standard-webhook-signature.ts';
import { Announcement } from '../../shared/domain/delivery.ts';
import { readJson } from '../../shared/domain/read-json.ts';
import { sameText } from '../../shared/runtime/same-secret.ts';

export interface AlertReceiverOptions {
  /** 0: one that is free. */
  readonly port: number;
  /** `whsec_…`. */
  readonly secret: string;
  /** Called once per message, however often it arrives. */
  readonly onAlert: (announcement: Announcement) => void;
}

export interface AlertReceiver {
  readonly url: string;
  /** Messages whose signature was right, each counted once. */
  verified(): number;
  /** Requests that were refused: not signed by our secret, or too old. */
  refused(): number;
  stop(): Promise<void>;
}

const toleranceMs = 300_000;
const mostBytes = 64 * 1024;
const Message = z.object({
  type: z.literal('customer.grade.changed'),
  timestamp: z.iso.datetime(),
  data: Announcement.omit({ at: true }),
});

/** The program at the other end of the alerts: it believes nothing that is not signed (Standard Webhooks 1.0.0). Loopback only. */
export const startAlertReceiver = async ({ port, secret, onAlert }: AlertReceiverOptions): Promise<AlertReceiver> => {
  const key = secretBytes(secret);
  const seen = new Set<string>();
  let refused = 0;

  const judge = (request: IncomingMessage, body: Buffer): number => {
    const id = headerOf(request, 'webhook-id');
    if (!isSigned(request, body, key)) {
      refused += 1;
      return 401;
    }
    const json = readJson(body);
    const message = Message.safeParse(json.ok ? json.value : undefined);
    if (!message.success) return 400;
    const { data, timestamp } = message.data;
    if (!seen.has(id)) onAlert({ ...data, at: Date.parse(timestamp) });
    seen.add(id);
    return 204;
  };

  const server = createServer((request, response) => {
    readBody(request).then(
      (body) => response.writeHead(body === undefined ? 413 : judge(request, body)).end(),
      () => response.destroy(),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`,
    verified: () => seen.size,
    refused: () => refused,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

const headerOf = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? '');

const isSigned = (request: IncomingMessage, body: Buffer, key: Uint8Array): boolean => {
  const timestamp = Number(headerOf(request, 'webhook-timestamp'));
  if (!Number.isInteger(timestamp) || Math.abs(Date.now() - timestamp * 1_000) > toleranceMs) return false;
  const expected = signatureHeader([key], headerOf(request, 'webhook-id'), timestamp, body.toString('utf8'));
  const given = headerOf(request, 'webhook-signature').split(' ');
  return given.some((signature) => sameText(signature, expected));
};

const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= mostBytes) chunks.push(chunk);
  }
  return bytes <= mostBytes ? Buffer.concat(chunks) : undefined;
};
