import type { Channel } from '../definitions/workspace.ts';
import type { AlertChoice, GradeChange } from './change.ts';
import type { Delivery } from './delivery.ts';

/** What becomes of the alerts of a change: what else than another model moved it is told as the playbooks say. */
export const alertChoiceOf = ({ cause }: Pick<GradeChange, 'cause'>): AlertChoice =>
  cause.type === 'model' ? (cause.alerts ?? 'send') : 'send';

/** Alerts that wait for a summary are not due before the end of time: the summary takes them up. */
export const untilSummary = 253_402_300_799_999;

export const waitsForSummary = ({ dueAt }: Pick<Delivery, 'dueAt'>): boolean => dueAt === untilSummary;

/**
 * What is left of the deliveries of a change of model. A write of the grade goes out in any case. Under `suppress` nothing else does;
 * under `digest` alerts wait for their summary, except to programs, which take each by itself, and there are no tasks.
 */
export const chosen = (
  deliveries: readonly Delivery[],
  choice: AlertChoice,
  channels: Readonly<Record<string, Channel>>,
): readonly Delivery[] => {
  if (choice === 'send') return deliveries;
  return deliveries.flatMap((delivery) => {
    const { kind } = delivery.content;
    if (kind === 'grade') return [delivery];
    if (choice === 'suppress' || kind !== 'alert') return [];
    const isForPrograms = channels[delivery.channel]?.type === 'standard-webhook';
    return [isForPrograms || delivery.status !== 'pending' ? delivery : { ...delivery, dueAt: untilSummary }];
  });
};
