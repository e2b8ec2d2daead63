import type { Workspace } from '../../../../shared/definitions/workspace.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Stage } from '../stage.ts';

/** A channel on which alarms could not be told. */
export const alarmRefusals = (
  { alarms: { channel } }: Pick<Stage, 'alarms'>,
  { channels }: Pick<Workspace, 'channels'>,
): Refusal[] => {
  if (channel === undefined) return [];
  const type = channels[channel.name]?.type;
  const fit = Object.entries(channels)
    .filter(([, each]) => brings(each.type))
    .map(([name]) => name);
  const instead = fit.length === 0 ? 'give the workspace a channel for people' : `write one of ${fit.join(', ')}`;
  if (type === undefined)
    return [
      refusal(
        ['alarms', 'channel', 'name'],
        `the workspace has no channel ${channel.name}`,
        instead,
        'leave channel out',
      ),
    ];
  if (!brings(type))
    return [
      refusal(
        ['alarms', 'channel', 'name'],
        `a channel of the type ${type} brings what concerns a customer, and no alarm`,
        instead,
      ),
    ];
  return type === 'email' && channel.recipients.length === 0
    ? [
        refusal(
          ['alarms', 'channel'],
          `${channel.name} sends mail, and nobody is named to get it`,
          `write channel: { name: ${channel.name}, recipients: [operations@example.com] }`,
        ),
      ]
    : [];
};

const brings = (type: Workspace['channels'][string]['type']): boolean => type !== 'crm-task' && type !== 'crm-grade';
