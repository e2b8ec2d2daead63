import type { GradeChange } from '../../shared/domain/change.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { Instant } from '../../shared/domain/instant.ts';
import type { Language } from '../../shared/domain/message.ts';
import { activeRules, type Playbook } from '../../shared/domain/playbook.ts';
import type { InForce } from '../../shared/grading/in-force.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Stream, Work } from '../../shared/ports/stream.ts';
import { hashing } from '../../shared/runtime/hashing.ts';
import { type ActOnChanges, actOnChanges } from '../../shared/usecases/act-on-changes.ts';
import type { InForceReader } from '../../shared/usecases/models-in-force.ts';
import { parkOn } from '../../shared/usecases/park.ts';
import { type SendingParts, wireSending } from '../ground/wire-sending.ts';

export interface ActOnChangesParts extends SendingParts {
  readonly tenant: TenantId;
  readonly playbooks: readonly Playbook[];
  /** Whose grades are in which order. */
  readonly models: Pick<InForceReader, 'current'>;
  readonly reasons: (change: GradeChange, language: Language) => readonly string[];
  readonly stream: Pick<Stream, 'append'>;
  readonly log: Log;
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
  const receipts = new Map<string, Instant>();
  const acting = ({ graders, epoch: known, isMoving }: InForce): ActOnChanges =>
    actOnChanges({
      ...{ tenant, actions, clock, metrics },
      ...(parts.trail === undefined ? {} : { trail: parts.trail }),
      policy: {
        ...policy,
        grades: Object.fromEntries(graders.map(({ model, grades }) => [model.id, grades])),
        // of an epoch that is not known here yet the first customers are being moved
        isMoving: (epoch) => epoch > known || (isMoving && epoch === known),
      },
      park: (record, reason) => park(record, 'unreadable-change', reason),
    });
  const { channelNames, ...sending } = wireSending(parts, (id) => {
    const received = receipts.get(id);
    receipts.delete(id);
    return received;
  });
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
    const names = dueHeard ? channelNames : [...fresh];
    fresh.clear();
    dueHeard = false;
    await sending.sendOn(names);
  };
  return { ...sending, process, sendNew };
};

/** Others may make the attempt, or nobody: the oldest make room. */
const rememberReceipt = (receipts: Map<string, Instant>, id: string, receivedAt: Instant): void => {
  const [oldest] = receipts.keys();
  if (receipts.size >= mostReceipts && oldest !== undefined) receipts.delete(oldest);
  receipts.set(id, receivedAt);
};
