import { openChannel } from '../../shared/adapters/channels/open-channel.ts';
import type { SecretRef } from '../../shared/definitions/secret-ref.ts';
import type { Workspace } from '../../shared/definitions/workspace.ts';
import type { GradeChange } from '../../shared/domain/change.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { Instant } from '../../shared/domain/instant.ts';
import type { Language } from '../../shared/domain/message.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import { activeRules, type Playbook } from '../../shared/domain/playbook.ts';
import type { InForce } from '../../shared/grading/in-force.ts';
import type { ActionStore } from '../../shared/ports/action-store.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CrmWriter } from '../../shared/ports/crm.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { Stream, Work } from '../../shared/ports/stream.ts';
import { hashing } from '../../shared/runtime/hashing.ts';
import { type ActOnChanges, actOnChanges } from '../../shared/usecases/act-on-changes.ts';
import { deliver } from '../../shared/usecases/deliver.ts';
import type { InForceReader } from '../../shared/usecases/models-in-force.ts';
import { parkOn } from '../../shared/usecases/park.ts';
import { sendSummaries } from '../../shared/usecases/send-summaries.ts';

export interface ActOnChangesParts {
  readonly tenant: TenantId;
  readonly workspace: Workspace;
  readonly playbooks: readonly Playbook[];
  /** Whose grades are in which order. */
  readonly models: Pick<InForceReader, 'current'>;
  readonly reasons: (change: GradeChange, language: Language) => readonly string[];
  readonly actions: ActionStore;
  /** By connection. */
  readonly writers: ReadonlyMap<string, CrmWriter>;
  readonly stream: Stream;
  readonly clock: Clock;
  readonly log: Log;
  readonly resolveSecret: (ref: SecretRef) => string;
  readonly metrics: Metrics;
}

/** Deliveries decided here whose receipt is remembered until they are sent: for figures only. */
const mostReceipts = 10_000;

export const wireActOnChanges = (parts: ActOnChangesParts) => {
  const { tenant, workspace, playbooks, models, actions, stream, clock, log, metrics } = parts;
  const { language, timezone } = workspace;
  const park = parkOn({ stream, stage: 'act-on-changes', log, metrics });
  const policy = {
    rules: activeRules(playbooks),
    channels: workspace.channels,
    wording: { language, timezone, reasons: parts.reasons, link: () => undefined },
    hash: hashing.sha256,
  };
  const around = {
    readSecret: parts.resolveSecret,
    allowLoopback: workspace.allowLoopback,
    wallNow: clock.wallNow,
    writerOf: (connection: string) => writerOf(connection, parts),
  };
  const channels = Object.fromEntries(
    Object.entries(workspace.channels).map(([name, definition]) => [name, openChannel(definition, around)]),
  );
  const receipts = new Map<string, Instant>();
  const acting = ({ graders, epoch: known, isMoving }: InForce): ActOnChanges =>
    actOnChanges({
      tenant,
      actions,
      policy: {
        ...policy,
        grades: Object.fromEntries(graders.map(({ model, grades }) => [model.id, grades])),
        // of an epoch that is not known here yet the first customers are being moved
        isMoving: (epoch) => epoch > known || (isMoving && epoch === known),
      },
      clock,
      park: (record, reason) => park(record, 'unreadable-change', reason),
      metrics,
    });
  const attempted = attemptReporter(receipts, parts);
  const sending = deliver({ actions, channels, clock, language, random: Math.random, hash: hashing.sha256, attempted });
  const fresh = new Set<string>();
  let dueHeard = false;
  const process: Work = async (batch) => {
    const { decided, due, again } = await acting(await models.current())
      .process(batch)
      .catch((error: unknown) => {
        // some of it may have been decided all the same: the next batch that goes through sends on every channel
        dueHeard = true;
        throw error;
      });
    dueHeard ||= due;
    for (const { id, channel, receivedAt } of decided) {
      fresh.add(channel);
      if (receivedAt !== undefined) rememberReceipt(receipts, id, receivedAt);
    }
    return again;
  };
  /** Sends what was decided or said to be due here since the last call, and what else is due on the same channels. */
  const sendNew = async (): Promise<void> => {
    const names = dueHeard ? Object.keys(channels) : [...fresh];
    fresh.clear();
    dueHeard = false;
    await sending.sendOn(names);
  };
  const summarise = sendSummaries({ actions, channels, language, hash: hashing.sha256 });
  return { ...sending, process, sendNew, summarise };
};

/** Others may make the attempt, or nobody: the oldest make room. */
const rememberReceipt = (receipts: Map<string, Instant>, id: string, receivedAt: Instant): void => {
  const [oldest] = receipts.keys();
  if (receipts.size >= mostReceipts && oldest !== undefined) receipts.delete(oldest);
  receipts.set(id, receivedAt);
};

const attemptReporter =
  (receipts: Map<string, Instant>, { metrics, clock }: ActOnChangesParts) =>
  ({ id, status }: Delivery): void => {
    const received = receipts.get(id);
    receipts.delete(id);
    if (status !== 'delivered') return;
    metrics.count('deliver', 'out', 1);
    if (received !== undefined) metrics.took('receipt_to_delivery', (clock.wallNow() - received) / 1_000);
  };

const writerOf = (connection: string, { workspace, writers }: ActOnChangesParts) => {
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
