import { Readable } from 'node:stream';
import * as z from 'zod';
import type { SendResult } from '../../domain/delivery.ts';
import type { Channel, Notice } from '../../ports/channel.ts';

export interface EmailOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (port 465). Otherwise STARTTLS where the server has it. */
  readonly secure: boolean;
  readonly credentials?: { readonly user: string; readonly password: string } | undefined;
  readonly from: string;
  readonly perMinute?: number | undefined;
  readonly onUnknown: 'resend' | 'hold';
  /** A password goes over an unencrypted connection only where this is set: for tests and trials. */
  readonly allowPlainPassword: boolean;
  readonly timeoutMs?: number;
}

type Message = Pick<Notice, 'recipients' | 'title' | 'text'>;

/** E-mail over SMTP. A Message-ID is no key: servers deliver a repeat, though many clients show it once. */
export const emailChannel = (options: EmailOptions): Channel => {
  const { from, perMinute, onUnknown } = options;
  // messages of which the server has let us send the body: from there on nobody knows, until it answers
  const begun = new Set<string>();
  let opened: ReturnType<typeof openTransport> | undefined;
  const mail = async (id: string, { recipients, title, text }: Message): Promise<SendResult> => {
    if (recipients.length === 0) return { outcome: 'refused', reason: 'nobody to send it to' };
    const messageId = `<${id}@${domainOf(from)}>`;
    try {
      const transport = await (opened ??= openTransport(options, begun));
      const sent = await transport.sendMail({
        from,
        to: recipients.map((address) => ({ name: '', address })),
        subject: title.replace(/\s+/g, ' '),
        text,
        messageId,
        // RFC 3834: keeps out-of-office replies away
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return deliveredTo(recipients.length, sent.rejected.length);
    } catch (error) {
      return judge(error, begun.has(messageId));
    } finally {
      begun.delete(messageId);
    }
  };
  return {
    keyed: false,
    onUnknown,
    ...(perMinute === undefined ? {} : { perMinute }),
    concurrency: 4,
    digestBy: 'recipient',
    send: async ({ id, content }) =>
      content.kind === 'alert' || content.kind === 'digest'
        ? mail(id, content)
        : { outcome: 'refused', reason: `an e-mail cannot bring a ${content.kind}` },
    notify: (notice) => mail(notice.id, notice),
  };
};

/** The mailer is loaded by the first mail: whoever sends none does not carry it. */
const openTransport = async (options: EmailOptions, begun: Set<string>) => {
  const { host, port, secure, credentials, allowPlainPassword, timeoutMs = 15_000 } = options;
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host,
    port,
    secure,
    requireTLS: !secure && credentials !== undefined && !allowPlainPassword,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // what a text says is a text: it must not make us read files or fetch addresses
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(credentials === undefined ? {} : { auth: { user: credentials.user, pass: credentials.password } }),
  });
  transport.use('stream', ({ data, message }, done) => {
    message.processFunc((body) => Readable.from(noting(body, () => begun.add(String(data.messageId)))));
    done();
  });
  return transport;
};

const domainOf = (from: string): string => /@([^\s>]+)>?\s*$/.exec(from)?.[1] ?? 'regrade.invalid';

const deliveredTo = (recipients: number, rejected: number): SendResult =>
  rejected === 0
    ? { outcome: 'delivered' }
    : { outcome: 'delivered', note: `${rejected} of ${recipients} recipients refused` };

/** Read only once the server asks for the body: the first read is the moment it begins to go out. */
async function* noting(body: Readable, begin: () => void): AsyncGenerator {
  begin();
  yield* body;
}

const MailFailure = z.object({
  code: z.string().optional().catch(undefined),
  responseCode: z.number().optional().catch(undefined),
});

/** A server's reply decides where there is one: 4yz is for now, 5yz for good (RFC 5321, 4.2.1). */
const judge = (error: unknown, bodyBegun: boolean): SendResult => {
  const { code, responseCode } = MailFailure.safeParse(error).data ?? {};
  const reply = responseCode === undefined ? undefined : `SMTP ${responseCode}`;
  const reason = [code, reply].filter((part) => part !== undefined).join(', ') || 'SMTP failed';
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 500) return { outcome: 'retry', reason };
  // wrong credentials: every further mail would fail the same way, and some servers lock the account
  if (code === 'EAUTH' || code === 'ENOAUTH') return { outcome: 'refused', reason, disable: true };
  // no STARTTLS where a password must not go in the open: whoever stands in between may be gone tomorrow
  if (code === 'ETLS') return { outcome: 'retry', reason };
  if (responseCode !== undefined && responseCode >= 500) return { outcome: 'refused', reason };
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { outcome: 'refused', reason };
  return { outcome: bodyBegun ? 'unknown' : 'retry', reason };
};
