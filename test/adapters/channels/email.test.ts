import { type AddressInfo, createServer, type Server } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { emailChannel } from '../../../shared/adapters/channels/email.ts';
import type { Delivery } from '../../../shared/domain/delivery.ts';
import { alertOf, gradeOf } from '../../contract/action-samples.ts';

const open: (SMTPServer | Server)[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise<void>((resolve) => void server.close(() => resolve()));
});

const smtpError = (responseCode: number) => Object.assign(new Error('no'), { responseCode });

/** A real SMTP server on loopback that keeps what it takes. */
const mailServer = async (options: SMTPServerOptions = {}) => {
  const mails: { to: string[]; text: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 1,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString('utf8'),
        });
        done();
      });
    },
    ...options,
  });
  open.push(server);
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.server.address() as AddressInfo).port, mails };
};

const mailTo = (port: number, more: object = {}) =>
  emailChannel({
    host: '127.0.0.1',
    port,
    secure: false,
    from: 'Grades <grades@example.com>',
    onUnknown: 'hold',
    allowPlainPassword: true,
    timeoutMs: 300,
    ...more,
  });
const delivery = alertOf('客户 ACME:\n B → A', ['rep@example.com', 'boss@example.com']);
const credentials = { user: 'u', password: 'wrong' };

describe('the e-mail channel', () => {
  it('sends one mail to all recipients, under the id of the delivery', async () => {
    const { port, mails } = await mailServer();
    expect(await mailTo(port).send(delivery)).toEqual({ outcome: 'delivered' });
    expect(mails.map(({ to }) => to)).toEqual([['rep@example.com', 'boss@example.com']]);
    const { text } = mails[0]!;
    expect(text).toContain(`Message-ID: <${delivery.id}@example.com>`);
    expect(text).toContain('Auto-Submitted: auto-generated');
    expect(text).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(text).toContain('because');
  });

  it('lets no text add a header', async () => {
    const { port, mails } = await mailServer();
    await mailTo(port).send(alertOf('hello\r\nBcc: spy@example.com', ['rep@example.com']));
    expect(mails[0]!.text).toContain('Subject: hello Bcc: spy@example.com');
    expect(mails[0]!.to).toEqual(['rep@example.com']);
  });

  it('takes an address for one address', async () => {
    const { port, mails } = await mailServer();
    await mailTo(port).send(alertOf('x', ['rep@example.com, spy@example.com']));
    expect(mails.flatMap(({ to }) => to)).not.toContain('spy@example.com');
  });

  it.each<[string, SMTPServerOptions, object, object]>([
    [
      '451 on DATA',
      { onData: (stream, _, done) => void stream.resume().on('end', () => done(smtpError(451))) },
      {},
      { outcome: 'retry', reason: 'EMESSAGE, SMTP 451' },
    ],
    [
      '554 on DATA',
      { onData: (stream, _, done) => void stream.resume().on('end', () => done(smtpError(554))) },
      {},
      { outcome: 'refused', reason: 'EMESSAGE, SMTP 554' },
    ],
    [
      '550 for every recipient',
      { onRcptTo: (_, __, done) => done(smtpError(550)) },
      {},
      { outcome: 'refused', reason: 'EENVELOPE, SMTP 550' },
    ],
    ['450 for every recipient', { onRcptTo: (_, __, done) => done(smtpError(450)) }, {}, { outcome: 'retry' }],
    ['421 on connect', { onConnect: (_, done) => done(smtpError(421)) }, {}, { outcome: 'retry' }],
    [
      '535 on login',
      { onAuth: (_, __, done) => done(smtpError(535)) },
      { credentials },
      { outcome: 'refused', disable: true },
    ],
    ['454 on login', { onAuth: (_, __, done) => done(smtpError(454)) }, { credentials }, { outcome: 'retry' }],
    [
      'one of two recipients refused',
      { onRcptTo: ({ address }, _, done) => (address.startsWith('boss') ? done(smtpError(550)) : done()) },
      {},
      { outcome: 'delivered', note: '1 of 2 recipients refused' },
    ],
    [
      'no STARTTLS for a password',
      { onAuth: (_, __, done) => done(null, { user: 'u' }) },
      { credentials, allowPlainPassword: false },
      { outcome: 'retry' },
    ],
  ])('takes %s for what it is', async (_, options, more, expected) => {
    const { port } = await mailServer(options);
    const result = await mailTo(port, more).send(delivery);
    expect(result).toMatchObject(expected);
    expect('disable' in result).toBe('disable' in expected);
  });

  it('does not know what became of a mail when no answer comes after the body', async () => {
    const silent = await mailServer({ onData: (stream) => void stream.resume() });
    expect(await mailTo(silent.port).send(delivery)).toEqual({ outcome: 'unknown', reason: 'ETIMEDOUT' });
  });

  it('knows that nothing was sent when the server is silent before', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined));
    open.push(silent);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    expect(await mailTo((silent.address() as AddressInfo).port).send(delivery)).toEqual({
      outcome: 'retry',
      reason: 'ETIMEDOUT',
    });
    const slow = await mailServer({ onRcptTo: () => undefined });
    expect(await mailTo(slow.port).send(delivery)).toMatchObject({ outcome: 'retry' });
    expect(await mailTo(1).send(delivery)).toMatchObject({ outcome: 'retry' });
  });

  it('refuses a mail to nobody and what is no message', async () => {
    expect(await mailTo(1).send(alertOf('x', []))).toEqual({ outcome: 'refused', reason: 'nobody to send it to' });
    expect(await mailTo(1).send(gradeOf('g', 'A'))).toMatchObject({ outcome: 'refused' });
  });

  it('brings a digest as it brings an alert', async () => {
    const { port, mails } = await mailServer();
    const digest: Delivery = {
      ...delivery,
      content: {
        kind: 'digest',
        recipients: ['rep@example.com'],
        title: '3 grade alerts',
        text: '• a\n• b\n• c',
        alerts: 3,
      },
    };
    expect(await mailTo(port).send(digest)).toEqual({ outcome: 'delivered' });
    expect(mails[0]!.text).toContain('Subject: 3 grade alerts');
  });
});
