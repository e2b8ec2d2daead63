import { describe, expect, it } from 'vitest';
import { openChannel } from '../../../shared/adapters/channels/open-channel.ts';
import { Channel } from '../../../shared/definitions/workspace.ts';
import { deliveryOf, gradeOf, noon } from '../../contract/action-samples.ts';
import { receiver } from './receiver.ts';

const secrets: Record<string, string> = { KEY: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=' };
const writer = {
  writeGrade: async () => ({ outcome: 'unchanged' }) as const,
  createTask: async () => ({ outcome: 'done' }) as const,
};
const openFrom = (definition: object, allowLoopback = true) =>
  openChannel(Channel.parse(definition), {
    readSecret: (ref) => ('env' in ref ? (secrets[ref.env] ?? '') : ''),
    writerOf: (connection) => ({ writer, tasksKeyed: connection === 'zoho-eu' }),
    allowLoopback,
    wallNow: () => noon,
  });

describe('openChannel', () => {
  it('opens each kind as the workspace defines it', () => {
    const mail = {
      type: 'email',
      host: 'mail.example.com',
      from: 'a@example.com',
      user: { env: 'KEY' },
      password: { env: 'KEY' },
    };
    expect(openFrom({ type: 'wecom-robot', url: { env: 'URL' } })).toMatchObject({
      perMinute: 20,
      onUnknown: 'resend',
      keyed: false,
    });
    expect(openFrom({ ...mail, perMinute: 9, onUnknown: 'hold' })).toMatchObject({
      perMinute: 9,
      onUnknown: 'hold',
      digestBy: 'recipient',
    });
    expect(openFrom({ type: 'crm-task', connection: 'zoho-eu' }).keyed).toBe(true);
    expect(openFrom({ type: 'crm-task', connection: 'fxiaoke-cn' }).keyed).toBe(false);
  });

  it('brings what they are for', async () => {
    const { url, taken } = await receiver(200, '{"errcode":0}');
    secrets['URL'] = url.href;
    const delivered = { outcome: 'delivered' };
    expect(await openFrom({ type: 'wecom-robot', url: { env: 'URL' } }).send(deliveryOf('a'))).toEqual(delivered);
    expect(
      await openFrom({ type: 'standard-webhook', url: url.href, secrets: [{ env: 'KEY' }] }).send(deliveryOf('a')),
    ).toEqual(delivered);
    expect(
      await openFrom({ type: 'standard-webhook', url: { env: 'URL' }, secrets: [{ env: 'KEY' }] }).send(
        deliveryOf('a'),
      ),
    ).toEqual(delivered);
    expect(taken).toHaveLength(3);
    expect(await openFrom({ type: 'crm-grade', connection: 'zoho-eu' }).send(gradeOf('g', 'A'))).toEqual(delivered);
  });

  it('does not reach this machine itself unless told so', async () => {
    const { url, taken } = await receiver(200);
    expect(
      await openFrom({ type: 'standard-webhook', url: url.href, secrets: [{ env: 'KEY' }] }, false).send(
        deliveryOf('a'),
      ),
    ).toMatchObject({ outcome: 'refused' });
    expect(taken).toEqual([]);
  });

  it('refuses a secret that is none', () => {
    expect(() =>
      openFrom({ type: 'standard-webhook', url: 'https://example.com/', secrets: [{ env: 'NONE' }] }),
    ).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }) as Error);
  });
});
