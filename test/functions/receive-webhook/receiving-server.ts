import { type AddressInfo, connect } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { createReceiveApp } from '../../../functions/receive-webhook/app.ts';
import { createEntrances } from '../../../functions/receive-webhook/entrances.ts';
import { readNodeBody } from '../../../functions/receive-webhook/read-node-body.ts';
import { readWebBody } from '../../../functions/receive-webhook/read-web-body.ts';
import { Connection } from '../../../shared/definitions/workspace.ts';
import type { Hint } from '../../../shared/domain/hint.ts';
import { TenantId } from '../../../shared/domain/ids.ts';
import { noMetrics } from '../../../shared/ports/metrics.ts';
import { receiveWebhook } from '../../../shared/usecases/receive-webhook.ts';
import { parseKey, standardSecret, wallNow } from '../../adapters/crm/entrances/good-deliveries.ts';

const secrets: Readonly<Record<string, string>> = {
  PATH_SECRET: 'path-secret-new',
  TOKEN: 'token-of-the-channel',
  INGEST: 'ingest-secret-1',
  PARSE_KEY: parseKey,
  APL: 'apl-secret-one',
  WHSEC: standardSecret,
};

const connections = {
  'zoho-eu': Connection.parse({
    vendor: 'zoho',
    dataCentre: 'eu',
    notifications: {
      pathSecrets: [{ env: 'PATH_SECRET' }],
      channels: [{ id: '1105420521999070702', tokens: [{ env: 'TOKEN' }] }],
    },
    workflow: { secrets: [{ env: 'INGEST' }] },
  }),
  'fxiaoke-cn': Connection.parse({
    vendor: 'fxiaoke',
    push: { keys: [{ env: 'PARSE_KEY' }] },
    apl: { auth: 'hmac-body', secrets: [{ env: 'APL' }] },
  }),
  shop: Connection.parse({
    vendor: 'generic',
    signature: { kind: 'standard-webhooks', secrets: [{ env: 'WHSEC' }] },
    records: { invoice: { id: 'number', customer: { kind: 'account', id: 'account' } } },
  }),
  silent: Connection.parse({ vendor: 'zoho', dataCentre: 'eu' }),
};

export const receivingEntrances = createEntrances(connections, (ref) => ('env' in ref ? (secrets[ref.env] ?? '') : ''));

export interface Logged {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Receiving {
  readonly hints: Hint[];
  readonly logged: Logged[];
  readonly app: Hono;
  readonly url: string;
  /** What the intake does before it takes; a test may let it fail. */
  beforeAccept: () => Promise<void>;
  send(path: string, init?: RequestInit): Promise<Response>;
  /** Bytes on a bare socket; what came back until it closed, or until `patienceMs` was over. */
  raw(chunks: readonly string[], patienceMs?: number): Promise<string>;
  close(): Promise<void>;
}

/** The whole edge on a loopback port of its own, over an intake that keeps hints in a list. */
export const startReceiving = async (reader: 'node' | 'web' = 'node'): Promise<Receiving> => {
  const hints: Hint[] = [];
  const logged: Logged[] = [];
  const note = (level: Logged['level']) => (fields: Logged['fields']) => void logged.push({ level, fields });
  const deps = {
    receive: receiveWebhook({
      metrics: noMetrics,
      entrances: receivingEntrances,
      intake: {
        accept: async (taken) => {
          await receiving.beforeAccept();
          hints.push(...taken);
        },
      },
      clock: { wallNow: () => wallNow, businessNow: () => 42 },
      tenant: TenantId.parse('default'),
    }),
    log: { info: note('info'), warn: note('warn'), error: note('error') },
  };
  const app =
    reader === 'node'
      ? (createReceiveApp({ ...deps, readBody: readNodeBody }) as unknown as Hono)
      : createReceiveApp({ ...deps, readBody: readWebBody });
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const receiving: Receiving = {
    hints,
    logged,
    app,
    url,
    beforeAccept: () => Promise.resolve(),
    send: (path, init) => fetch(`${url}${path}`, { method: 'POST', ...init }),
    raw: (chunks, patienceMs = 400) => rawExchange(port, chunks, patienceMs),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
  return receiving;
};

const rawExchange = (port: number, chunks: readonly string[], patienceMs: number): Promise<string> =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1');
    const finish = (): void => {
      clearTimeout(patience);
      socket.destroy();
      resolve(answer);
    };
    const patience = setTimeout(finish, patienceMs);
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    socket.on('close', finish).on('error', finish);
    let next = Promise.resolve();
    for (const chunk of chunks)
      next = next.then(
        () =>
          new Promise((sent) => {
            socket.write(chunk, 'latin1', () => setTimeout(sent, 5));
          }),
      );
  });
