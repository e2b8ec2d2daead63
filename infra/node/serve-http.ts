import type { AddressInfo } from 'node:net';
import { type HttpBindings, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createReceiveApp } from '../../functions/receive-webhook/app.ts';
import { createEntrances } from '../../functions/receive-webhook/entrances.ts';
import { readNodeBody } from '../../functions/receive-webhook/read-node-body.ts';
import type { PrometheusMetrics } from '../../shared/adapters/metrics/prometheus.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { Instant } from '../../shared/domain/instant.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Intake } from '../../shared/ports/intake.ts';
import type { Log } from '../../shared/ports/log.ts';
import { resolveSecret } from '../../shared/runtime/secrets.ts';
import { type Arrival, type ReceiveWebhook, receiveWebhook } from '../../shared/usecases/receive-webhook.ts';
import type { LoadedWorkspace } from './workspace/load-workspace.ts';

/** The business instant of one delivery. */
export type ArrivalClock = (arrival: Arrival) => Instant;

export interface HttpParts {
  readonly loaded: LoadedWorkspace;
  readonly tenant: TenantId;
  /** Where webhooks go. Absent: this process takes none. */
  readonly intake?: Intake;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: PrometheusMetrics;
  readonly arrivalClock?: ArrivalClock;
  /** Where the workspace says when it is absent. */
  readonly port?: number;
  /** What `GET /health` answers: the process lives, and how its work goes. */
  readonly health: () => Promise<object>;
  /** Why this process cannot do its work now, or nothing. `GET /ready` is 503 then. */
  readonly unready: () => Promise<string | undefined>;
}

/** `GET /health`, `/ready` and `/metrics` for operators; everything else is webhooks. */
export const serveHttp = async (parts: HttpParts): Promise<{ readonly url: string; stop(): Promise<void> }> => {
  const app = appOf(parts);
  const { metrics, health, unready } = parts;
  app.get('/health', async (c) => c.json(await health()));
  app.get('/ready', async (c) => {
    const reason = await unready();
    return reason === undefined ? c.json({ status: 'ready' }) : c.json({ status: 'not ready', reason }, 503);
  });
  app.get('/metrics', async (c) => c.body(await metrics.expose(), 200, { 'Content-Type': metrics.contentType }));
  const { host } = parts.loaded.workspace.listen;
  const server = serve({
    fetch: app.fetch,
    hostname: host,
    port: parts.port ?? parts.loaded.workspace.listen.port,
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

const appOf = (parts: HttpParts): Hono<{ Bindings: HttpBindings }> => {
  const { intake, log } = parts;
  if (intake === undefined) return new Hono<{ Bindings: HttpBindings }>();
  return createReceiveApp<{ Bindings: HttpBindings }>({
    receive: receiver(parts, intake),
    readBody: readNodeBody,
    log,
  });
};

const receiver = ({ loaded, tenant, clock, arrivalClock, metrics }: HttpParts, intake: Intake): ReceiveWebhook => {
  const { workspace, folder } = loaded;
  const entrances = createEntrances(workspace.connections, (ref) => resolveSecret(ref, { folder }));
  const deps = { entrances, intake, clock, tenant, metrics };
  if (arrivalClock === undefined) return receiveWebhook(deps);
  return (connection, entrance, arrival) => {
    const at = arrivalClock(arrival);
    return receiveWebhook({ ...deps, clock: { ...clock, businessNow: () => at } })(connection, entrance, arrival);
  };
};
