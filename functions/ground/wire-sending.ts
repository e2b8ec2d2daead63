import { openChannel } from '../../shared/adapters/channels/open-channel.ts';
import type { SecretRef } from '../../shared/definitions/secret-ref.ts';
import type { Workspace } from '../../shared/definitions/workspace.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { Instant } from '../../shared/domain/instant.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { ActionStore } from '../../shared/ports/action-store.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CrmWriter } from '../../shared/ports/crm.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { Trail } from '../../shared/ports/trail.ts';
import { hashing } from '../../shared/runtime/hashing.ts';
import { deliver } from '../../shared/usecases/deliver.ts';
import { sendSummaries } from '../../shared/usecases/send-summaries.ts';

export interface SendingParts {
  readonly workspace: Workspace;
  readonly actions: ActionStore;
  /** By connection. */
  readonly writers: ReadonlyMap<string, CrmWriter>;
  readonly clock: Clock;
  readonly resolveSecret: (ref: SecretRef) => string;
  readonly metrics: Metrics;
  /** Nobody follows where it is absent. */
  readonly trail?: Trail;
}

/** When what caused a delivery reached us, where that is known here; asked once, after its attempt. */
export type ReceiptOf = (delivery: string) => Instant | undefined;

/** Sends what was decided, here or anywhere else. */
export const wireSending = (parts: SendingParts, receiptOf: ReceiptOf = () => undefined) => {
  const { workspace, actions, clock } = parts;
  const { language } = workspace;
  const around = {
    readSecret: parts.resolveSecret,
    allowLoopback: workspace.allowLoopback,
    wallNow: clock.wallNow,
    writerOf: (connection: string) => writerOf(connection, parts),
  };
  const channels = Object.fromEntries(
    Object.entries(workspace.channels).map(([name, definition]) => [name, openChannel(definition, around)]),
  );
  const attempted = attemptReporter(receiptOf, parts);
  return {
    channelNames: Object.keys(channels),
    ...deliver({ actions, channels, clock, language, random: Math.random, hash: hashing.sha256, attempted }),
    summarise: sendSummaries({ actions, channels, language, hash: hashing.sha256 }),
  };
};

const attemptReporter =
  (receiptOf: ReceiptOf, { metrics, clock, trail }: SendingParts) =>
  ({ id, change, status }: Delivery): void => {
    trail?.('deliver', [change], [id], status);
    const received = receiptOf(id);
    if (status !== 'delivered') return;
    metrics.count('deliver', 'out', 1);
    if (received !== undefined) metrics.took('receipt_to_delivery', (clock.wallNow() - received) / 1_000);
  };

const writerOf = (connection: string, { workspace, writers }: SendingParts) => {
  const writer = writers.get(connection);
  const definition = workspace.connections[connection];
  if (writer === undefined || definition === undefined)
    throw new PipelineError(
      'CONFIG_INVALID',
      `connection ${connection} has no credentials to write with: give it a client`,
      {
        retryable: false,
      },
    );
  return { writer, tasksKeyed: definition.vendor === 'zoho' && definition.taskKeyField !== undefined };
};
