import type { Announcement, SendResult } from '../../domain/delivery.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Channel } from '../../ports/channel.ts';
import { isForNow, retryAfterMs, retryLater, unansweredOutcome } from './http-outcome.ts';
import type { OutgoingAnswer, SendRequest } from './outgoing-request.ts';
import { secretBytes, signatureHeader } from './standard-webhook-signature.ts';

export interface StandardWebhookOptions {
  /** May hold a secret: never logged, never part of a reason. */
  readonly url: string;
  /** All sign; receivers accept any one of them. */
  readonly secrets: readonly string[];
  readonly perMinute?: number | undefined;
  readonly onUnknown: 'resend' | 'hold';
  readonly request: SendRequest;
  readonly wallNow: () => Instant;
}

/**
 * Grade changes for programs, as Standard Webhooks 1.0.0. The id of the message is the id of the delivery, the same on every
 * attempt: receivers drop what they have seen, so a time-out is sent again. Programs want every message: no digests.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, for a secret that is none.
 */
export const standardWebhookChannel = (options: StandardWebhookOptions): Channel => {
  const { url, perMinute, onUnknown, request, wallNow } = options;
  const secrets = options.secrets.map(secretBytes);
  const post = async (id: string, body: string): Promise<SendResult> => {
    const timestamp = Math.floor(wallNow() / 1_000);
    const answer = await request({
      url: new URL(url),
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signatureHeader(secrets, id, timestamp, body),
      },
      body,
    });
    return judge(answer, wallNow());
  };
  return {
    keyed: true,
    onUnknown,
    ...(perMinute === undefined ? {} : { perMinute }),
    concurrency: 16,
    digestBy: 'never',
    send: async ({ id, content }) => {
      if (content.kind !== 'alert') return { outcome: 'refused', reason: `a webhook cannot bring a ${content.kind}` };
      return post(id, messageOf(content.announcement));
    },
    notify: ({ id, title, text, at }) =>
      post(
        id,
        JSON.stringify({ type: 'operations.notice', timestamp: new Date(at).toISOString(), data: { title, text } }),
      ),
  };
};

/** The specification asks for less than 20 kB. */
const messageBytes = 20_000;

/** Reasons come largest first: what is too much goes from the end, then the tags. */
const messageOf = ({ at, reasons, tags, ...rest }: Announcement): string => {
  const write = (said: readonly string[], tagged: Announcement['tags']): string =>
    JSON.stringify({
      type: 'customer.grade.changed',
      timestamp: new Date(at).toISOString(),
      data: { ...rest, reasons: said, tags: tagged },
    });
  for (let kept = reasons.length; kept >= 0; kept -= 1) {
    const text = write(reasons.slice(0, kept), tags);
    if (Buffer.byteLength(text) < messageBytes) return text;
  }
  return write([], {});
};

const judge = (answer: OutgoingAnswer, wallNow: Instant): SendResult => {
  if (answer.kind !== 'answered') return unansweredOutcome(answer);
  const { status, retryAfter } = answer;
  if (status >= 200 && status < 300) return { outcome: 'delivered' };
  if (status === 410) return { outcome: 'refused', reason: 'HTTP 410: the endpoint is gone', disable: true };
  // any other no may be a deployment of theirs: the specification lets every failure be tried again
  return retryLater(`HTTP ${status}`, isForNow(status) ? retryAfterMs(retryAfter, wallNow) : undefined);
};
