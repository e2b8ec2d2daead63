import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { crmTaskChannel } from '../../../shared/adapters/channels/crm-task.ts';
import { emailChannel } from '../../../shared/adapters/channels/email.ts';
import { outgoingRequest } from '../../../shared/adapters/channels/outgoing-request.ts';
import { standardWebhookChannel } from '../../../shared/adapters/channels/standard-webhook.ts';
import { secretBytes, signatureHeader } from '../../../shared/adapters/channels/standard-webhook-signature.ts';
import { wecomRobotChannel } from '../../../shared/adapters/channels/wecom-robot.ts';
import type { Channel, Notice } from '../../../shared/ports/channel.ts';
import { noon } from '../../contract/action-samples.ts';
import { receiver } from './receiver.ts';

const request = outgoingRequest({ allowLoopback: true, timeoutMs: 2_000 });
const secret = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const notice: Notice = {
  id: `ntc_${'0123456789abcdef'.repeat(2)}`,
  recipients: ['zhangsan'],
  title: 'Alarm: regrade-prod-<late>',
  text: 'It waits.\n\nLook at its log.',
  at: noon,
};
const robot = (url: URL): Channel =>
  wecomRobotChannel({ url: `${url.href}send?key=k`, onUnknown: 'resend', request, wallNow: () => noon });
const hook = (url: URL): Channel =>
  standardWebhookChannel({ url: url.href, secrets: [secret], onUnknown: 'resend', request, wallNow: () => noon });

describe('word of how things run', () => {
  it('stands in a WeCom group with whom it names, and as text', async () => {
    const { url, taken } = await receiver(200, '{"errcode":0}');
    expect(await robot(url).notify?.(notice)).toEqual({ outcome: 'delivered' });
    const { markdown } = JSON.parse(taken[0]!.body) as { markdown: { content: string } };
    expect(markdown.content).toBe(
      '**Alarm: regrade-prod-＜late＞**\nIt waits.\n\nLook at its log.\n<@zhangsan>\n<font color="comment">01234567</font>',
    );
  });

  it('is worth another try where the group is busy, and none where the robot is gone', async () => {
    const [busy, gone] = [await receiver(200, '{"errcode":-1}'), await receiver(200, '{"errcode":93000}')];
    expect(await robot(busy.url).notify?.(notice)).toMatchObject({ outcome: 'retry' });
    expect(await robot(gone.url).notify?.(notice)).toMatchObject({ outcome: 'refused', disable: true });
  });

  it('is a signed message of a type of its own for programs', async () => {
    const { url, taken } = await receiver(204);
    expect(await hook(url).notify?.(notice)).toEqual({ outcome: 'delivered' });
    const { body, headers } = taken[0]!;
    expect(JSON.parse(body)).toEqual({
      type: 'operations.notice',
      timestamp: new Date(noon).toISOString(),
      data: { title: notice.title, text: notice.text },
    });
    const seconds = Math.floor(noon / 1_000);
    expect(headers['webhook-id']).toBe(notice.id);
    expect(headers['webhook-signature']).toBe(signatureHeader([secretBytes(secret)], notice.id, seconds, body));
  });

  it('is a mail to whom it names, and refused where that is nobody', async () => {
    const mails: string[] = [];
    const server = new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS'], closeTimeout: 1 },
      onData: (stream, _, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => done(null, String(mails.push(Buffer.concat(chunks).toString('utf8')))));
      },
    });
    onTestFinished(
      () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
        }),
    );
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.server.address() as AddressInfo;
    const mail = emailChannel({
      ...{ host: '127.0.0.1', port, secure: false, from: 'Regrade <regrade@example.com>' },
      ...{ onUnknown: 'resend', allowPlainPassword: true },
    });
    expect(await mail.notify?.({ ...notice, recipients: ['ops@example.com'] })).toEqual({ outcome: 'delivered' });
    expect(mails[0]).toContain('Subject: Alarm: regrade-prod-<late>');
    expect(mails[0]).toContain(`Message-ID: <${notice.id}@example.com>`);
    expect(await mail.notify?.({ ...notice, recipients: [] })).toMatchObject({ outcome: 'refused' });
  });

  it('is none of a CRM’s business', () => {
    const task = crmTaskChannel({
      writer: { createTask: () => Promise.reject(new Error('asked')) },
      keyed: true,
      onUnknown: 'hold',
    });
    expect(task.notify).toBeUndefined();
  });
});
