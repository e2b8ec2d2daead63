import type { AddressInfo } from 'node:net';
import { type HttpBindings, serve } from '@hono/node-server';
import { createReceiveApp } from '../../functions/receive-webhook/app.ts';
import { createEntrances } from '../../functions/receive-webhook/entrances.ts';
import { readNodeBody } from '../../functions/receive-webhook/read-node-body.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { Instant } from '../../shared/domain/instant.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { resolveSecret } from '../../shared/runtime/secrets.ts';
import { type Arrival, type ReceiveWebhook, receiveWebhook } from '../../shared/usecases/receive-webhook.ts';
import type { Engine } from './open-engine.ts';
import { type Position, readHealth } from './read-health.ts';
import type { LoadedWorkspace } from './workspace/load-workspace.ts';

/** The business instant of one delivery. */
export type ArrivalClock = (arrival: Arrival) => Instant;

export interface HttpParts {
  readonly loaded: LoadedWorkspace;
  readonly tenant: TenantId;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Log;
  readonly arrivalClock?: ArrivalClock;
  readonly positions: readonly Position[];
}

/** Listens where the workspace says. `GET /health` shows the accounts; everything else is webhooks. */
export const serveHttp = async (parts: HttpParts): Promise<{ readonly url: string; stop(): Promise<void> }> => {
  const { loaded, tenant, engine, clock, log } = parts;
  const app = createReceiveApp<{ Bindings: HttpBindings }>({ receive: receiver(parts), readBody: readNodeBody, log });
  app.get('/health', async (c) => c.json(await readHealth(engine, tenant, clock, parts.positions)));
  const { host, port } = loaded.workspace.listen;
  const server = serve({
    fetch: app.fetch,
    hostname: host,
    port,
    overrideGlobalObjects: false,
    // a sender that dribbles its request must not hold a connection for ever
    serverOptions: { headersTimeout: 5_000, requestTimeout: 10_000 },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      }),
  };
};

const receiver = ({ loaded, tenant, engine, clock, arrivalClock }: HttpParts): ReceiveWebhook => {
  const { workspace, folder } = loaded;
  const entrances = createEntrances(workspace.connections, (ref) => resolveSecret(ref, { folder }));
  const deps = { entrances, intake: engine.intake, clock, tenant };
  if (arrivalClock === undefined) return receiveWebhook(deps);
  return (connection, entrance, arrival) => {
    const at = arrivalClock(arrival);
    return receiveWebhook({ ...deps, clock: { ...clock, businessNow: () => at } })(connection, entrance, arrival);
  };
};
