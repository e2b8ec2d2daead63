import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import type * as z from 'zod';
import { type PendingFaults, pendingFaults, type StandInFaults } from './stand-in-faults.ts';
import { standInGate } from './stand-in-gate.ts';
import { createNotifier } from './stand-in-notifier.ts';
import { recordRoutes } from './stand-in-record-routes.ts';
import { type RecordChange, type StandInRecord, type StoredRecord, standInRecords } from './stand-in-records.ts';
import { isTold, type Subscription, subscriptionOf, Watch } from './stand-in-subscriptions.ts';
import { type StandInClient, type StandInTokens, standInTokens } from './stand-in-tokens.ts';
import { watchRoutes } from './stand-in-watch-routes.ts';

export interface ZohoStandInOptions {
  /** @default 0: one that is free */
  readonly port?: number;
  readonly client: StandInClient;
  /** The field of Tasks that must be unique. @default Regrade_Key */
  readonly taskKeyField?: string;
  /** @default one hour */
  readonly tokenLifeMs?: number;
  /** Calls at the same time. @default 20 */
  readonly concurrency?: number;
  /** Calls in all. @default 1,000,000 */
  readonly credits?: number;
  /** How late a `slow` answer is. @default 2 seconds */
  readonly slowMs?: number;
  /** Wall clock, for Modified_Time and the life of tokens and channels. */
  readonly now?: () => number;
}

/** A Zoho CRM of our own on this machine: the API v8 as far as we use it, and its notifications. */
export interface ZohoStandIn {
  /** Origin of both the API and the token endpoint. */
  readonly url: string;
  /** Stores a record, new or changed, and notifies the channels that watch it. Returns its id. */
  put(module: string, record: StandInRecord): Promise<string>;
  /** Deletes a record and notifies. */
  remove(module: string, id: string): Promise<void>;
  /** Subscribes a channel as `POST /actions/watch` does, without a token. An item is written as Zoho's `watch[]` wants it. */
  subscribe(watch: z.input<typeof Watch>): void;
  records(module: string): readonly StoredRecord[];
  tasks(): readonly StoredRecord[];
  /** Access tokens given out so far. */
  mintedTokens(): number;
  /** Notifications that our side has taken so far. */
  deliveredNotifications(): number;
  /** Resolves when every notification was taken; with a module, every one about that. */
  settled(module?: string): Promise<void>;
  readonly faults: StandInFaults;
  stop(): Promise<void>;
}

/** Listens on loopback only. */
export const startZohoStandIn = async (options: ZohoStandInOptions): Promise<ZohoStandIn> => {
  const { now = Date.now, taskKeyField = 'Regrade_Key' } = options;
  const pending = pendingFaults();
  const uniqueFields = { Tasks: taskKeyField };
  const records = standInRecords(now, uniqueFields);
  const channels = new Map<string, Subscription>();
  const app = new Hono();
  const server = createAdaptorServer({
    fetch: (request, env) => app.fetch(request, env),
    overrideGlobalObjects: false,
  });
  const url = await listen(server, options.port ?? 0);

  const notifier = createNotifier({ url, nextFault: () => pending.nextNotification(), now });
  const told = (change: RecordChange): void => {
    for (const subscription of channels.values())
      if (isTold(subscription, change, now())) notifier.tell(subscription, change);
  };
  const tokens = standInTokens({
    client: options.client,
    apiDomain: url,
    lifeMs: options.tokenLifeMs ?? 3_600_000,
    now,
  });
  const { concurrency = 20, credits = 1_000_000, slowMs = 2_000 } = options;
  app.route('/oauth', tokenRoutes(tokens, pending));
  app.use('/crm/*', standInGate({ tokens, pending, concurrency, credits, slowMs }));
  app.route('/crm/v8/actions/watch', watchRoutes({ channels, url, now }));
  app.route('/crm/v8', recordRoutes({ records, uniqueFields, told }));
  app.notFound((c) =>
    c.json({ code: 'INVALID_URL_PATTERN', details: {}, message: 'unknown path', status: 'error' }, 404),
  );

  return {
    url,
    put: async (module, record) => {
      const change = records.put(module, record);
      told(change);
      return change.id;
    },
    remove: async (module, id) => {
      const change = records.remove(module, id);
      if (change !== undefined) told(change);
    },
    subscribe: (watch) => {
      const parsed = Watch.parse(watch);
      channels.set(parsed.channel_id, subscriptionOf(parsed, now()));
    },
    records: (module) => records.list(module),
    tasks: () => records.list('Tasks'),
    mintedTokens: () => tokens.minted(),
    deliveredNotifications: () => notifier.delivered(),
    settled: (module) => notifier.settled(module),
    faults: pending.faults,
    stop: async () => {
      notifier.stop();
      await notifier.settled();
      await close(server);
    },
  };
};

const tokenRoutes = (tokens: StandInTokens, pending: PendingFaults): Hono => {
  const routes = new Hono();
  routes.post('/v2/token', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    // the query is the older way to say the same
    for (const [name, value] of Object.entries(c.req.query())) form.set(name, value);
    const { status, body } = tokens.answer(form, pending.nextMint());
    return c.json(body, status);
  });
  return routes;
};

const listen = async (server: ServerType, port: number): Promise<string> => {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const close = async (server: ServerType): Promise<void> => {
  const closed = once(server, 'close');
  server.close();
  if ('closeAllConnections' in server) server.closeAllConnections();
  await closed;
};
