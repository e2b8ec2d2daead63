import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { SecretRef } from '../../shared/definitions/secret-ref.ts';
import type { Workspace } from '../../shared/definitions/workspace.ts';
import type { Announcement } from '../../shared/domain/delivery.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import { type SimulatedClock, simulatedClock } from '../../shared/runtime/clocks.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { resolveSecret } from '../../shared/runtime/secrets.ts';
import { type RunningNode, startNode } from '../node/start-node.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';
import type { DemoPosition } from './demo-position.ts';
import { type InvoiceFeed, invoiceFeed } from './invoice-feed.ts';
import type { DemoInvoice } from './read-invoices.ts';
import { type AlertReceiver, startAlertReceiver } from './start-alert-receiver.ts';
import { startZohoStandIn, type ZohoStandIn } from './zoho-stand-in/start-zoho-stand-in.ts';

export interface DemoServicesSettings {
  readonly loaded: LoadedWorkspace;
  readonly invoices: readonly DemoInvoice[];
  readonly position: DemoPosition;
  readonly onAlert: (announcement: Announcement) => void;
}

export interface DemoServices {
  readonly standIn: ZohoStandIn;
  readonly receiver: AlertReceiver;
  readonly node: RunningNode;
  readonly clock: SimulatedClock;
  readonly feed: InvoiceFeed;
  readonly logFile: string;
  /** The node first, after the work in hand; then what it talks to. */
  stop(): Promise<void>;
}

/** Zoho watches for at most seven days. */
const watchMs = 6 * 86_400_000;

/**
 * Starts the CRM, the alert receiver and the node. The CRM is in memory: it is filled up to the position without a word, and
 * only then watched; what a crash left untaken is told again.
 *
 * @throws {PipelineError} `CONFIG_INVALID` for a workspace file that has lost the demo's connection or channel.
 */
export const startDemoServices = async (settings: DemoServicesSettings): Promise<DemoServices> => {
  const { loaded, invoices, position, onAlert } = settings;
  const { crm, alerts } = partsOf(loaded.workspace);
  const read = (ref: SecretRef): string => resolveSecret(ref, { folder: loaded.folder });
  const logFile = join(loaded.folder, 'node.log');
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  const stops: (() => Promise<void>)[] = [() => once(log.end(), 'close').then(() => undefined)];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const standIn = await startZohoStandIn({
      port: crm.port,
      client: {
        clientId: read(crm.client.id),
        clientSecret: read(crm.client.secret),
        refreshToken: read(crm.client.refreshToken),
      },
      ...(crm.taskKeyField === undefined ? {} : { taskKeyField: crm.taskKeyField }),
    });
    stops.push(() => standIn.stop());
    const receiver = await startAlertReceiver({ port: alerts.port, secret: read(alerts.secret), onAlert });
    stops.push(() => receiver.stop());
    const feed = invoiceFeed(invoices, standIn);
    for (let index = 0; index < position.offered; index += 1) await feed.put(index);
    const clock = simulatedClock(position.clock);
    const node = await startNode(loaded, { clock, log: createLogger('regrade', { level: 'info', destination: log }) });
    stops.push(() => node.stop());
    standIn.subscribe({
      channel_id: crm.channel.id,
      events: ['Accounts.all', 'Invoices.all'],
      notify_url: `${node.url}/hooks/zoho/zoho/notifications/${read(crm.pathSecret)}`,
      token: read(crm.channel.token),
      channel_expiry: new Date(Date.now() + watchMs).toISOString(),
    });
    for (let index = position.taken; index < position.offered; index += 1) await feed.put(index);
    return { standIn, receiver, node, clock, feed, logFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** What the demo itself needs of its workspace file; everything else there may be changed freely. */
const partsOf = ({ connections, channels }: Workspace) => {
  const { zoho } = connections;
  const { alerts } = channels;
  const missing = (place: string): PipelineError =>
    new PipelineError('CONFIG_INVALID', `the demo needs ${place} in its regrade.yaml; --fresh writes it again`, {
      retryable: false,
    });
  if (zoho?.vendor !== 'zoho') throw missing('connections.zoho');
  const { hosts, client, notifications, taskKeyField } = zoho;
  if (hosts === undefined || !isLoopback(hosts.api)) throw missing('connections.zoho.hosts at 127.0.0.1');
  if (client === undefined) throw missing('connections.zoho.client');
  const [pathSecret] = notifications?.pathSecrets ?? [];
  const [channel] = notifications?.channels ?? [];
  const [token] = channel?.tokens ?? [];
  if (pathSecret === undefined || channel === undefined || token === undefined)
    throw missing('connections.zoho.notifications');
  if (alerts?.type !== 'standard-webhook' || typeof alerts.url !== 'string' || !isLoopback(alerts.url))
    throw missing('channels.alerts at 127.0.0.1');
  const [secret] = alerts.secrets;
  if (secret === undefined) throw missing('channels.alerts.secrets');
  return {
    crm: { port: portOf(hosts.api), client, pathSecret, channel: { id: channel.id, token }, taskKeyField },
    alerts: { port: portOf(alerts.url), secret },
  };
};

const isLoopback = (url: string): boolean => new URL(url).hostname === '127.0.0.1';
const portOf = (url: string): number => Number(new URL(url).port);
