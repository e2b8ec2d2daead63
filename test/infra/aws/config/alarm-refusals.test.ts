import { describe, expect, it } from 'vitest';
import { alarmRefusals } from '#infra/aws/config/refusals/alarm-refusals.ts';
import { pathText } from '#infra/node/workspace/problem.ts';
import { Workspace } from '#shared/definitions/workspace.ts';
import { stageOf } from './stages.ts';

const channels = Workspace.shape.channels.parse({
  mail: { type: 'email', host: 'smtp.example.com', from: 'a@example.com' },
  chat: { type: 'wecom-robot', url: { env: 'ROBOT' } },
  tasks: { type: 'crm-task', connection: 'crm' },
});
const refused = (channel: object | undefined, known: typeof channels = channels) =>
  alarmRefusals(stageOf('public', { alarms: { channel } }), { channels: known }).map(
    ({ path, message, cure }) => `${pathText(path)}: ${message} → ${cure}`,
  );

describe('alarmRefusals', () => {
  it('lets alarms be told to a group, and by mail to somebody', () => {
    expect(refused(undefined)).toEqual([]);
    expect(refused({ name: 'chat' })).toEqual([]);
    expect(refused({ name: 'mail', recipients: ['a@example.com'] })).toEqual([]);
  });

  it('refuses a channel that is not there, with those that are', () => {
    expect(refused({ name: 'chta' })).toEqual([
      'alarms.channel.name: the workspace has no channel chta → write one of mail, chat; or leave channel out',
    ]);
    expect(refused({ name: 'chat' }, {})).toEqual([expect.stringContaining('give the workspace a channel for people')]);
  });

  it('refuses the CRM, and mail to nobody', () => {
    expect(refused({ name: 'tasks' })).toEqual([expect.stringContaining('a channel of the type crm-task')]);
    expect(refused({ name: 'mail' })).toEqual([
      expect.stringMatching(/^alarms\.channel: mail sends mail, and nobody is named .* recipients: \[operations@/),
    ]);
  });
});
