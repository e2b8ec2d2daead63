import * as z from 'zod';
import type { SendResult } from '../../domain/delivery.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Channel, Notice } from '../../ports/channel.ts';
import { isForNow, retryAfterMs, retryLater, unansweredOutcome } from './http-outcome.ts';
import type { OutgoingAnswer, SendRequest } from './outgoing-request.ts';
import { cutToBytes, plainForWecom } from './wecom-text.ts';

export interface WecomRobotOptions {
  /** Holds the robot's key, which is the secret: never logged, never part of a reason. */
  readonly url: string;
  readonly perMinute?: number | undefined;
  readonly onUnknown: 'resend' | 'hold';
  readonly request: SendRequest;
  readonly wallNow: () => Instant;
}

/** A robot takes 20 messages a minute and 4096 bytes of markdown (developer.work.weixin.qq.com/document/path/99110). */
const robotPerMinute = 20;
const markdownBytes = 4_096;

/** A WeCom group robot. No key of its own: what may have arrived and is sent again stands in the group twice, under one number. */
export const wecomRobotChannel = ({ url, perMinute, onUnknown, request, wallNow }: WecomRobotOptions): Channel => {
  const post = async (content: string, attempts: number): Promise<SendResult> => {
    const answer = await request({
      url: new URL(url),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ msgtype: 'markdown', markdown: { content } }),
    });
    return judge(answer, attempts, wallNow());
  };
  return {
    keyed: false,
    onUnknown,
    perMinute: perMinute ?? robotPerMinute,
    concurrency: 1,
    digestBy: 'channel',
    send: async ({ id, content, attempts }) =>
      content.kind === 'alert' || content.kind === 'digest'
        ? post(markdownOf(id, content), attempts)
        : { outcome: 'refused', reason: `a robot cannot bring a ${content.kind}` },
    notify: (notice) => post(markdownOf(notice.id, notice), 1),
  };
};

type Message = Pick<Notice, 'recipients' | 'title' | 'text'>;

const markdownOf = (id: string, { recipients, title: heading, text }: Message): string => {
  const title = `**${cutToBytes(plainForWecom(heading).replace(/\s+/g, ' '), 400)}**\n`;
  const mentions = recipients.slice(0, 20).map((user) => `<@${user.replace(/[^\w.@-]/g, '')}>`);
  const footer = `${mentions.length === 0 ? '' : `\n${mentions.join('')}`}\n<font color="comment">${id.slice(4, 12)}</font>`;
  const room = markdownBytes - Buffer.byteLength(title) - Buffer.byteLength(footer);
  return `${title}${cutToBytes(plainForWecom(text), room)}${footer}`;
};

const Answer = z.object({ errcode: z.int() });

/** Attempts at what is worth another try without a rate limit or an outage behind it. */
const fewAttempts = 3;

/** Success is HTTP 200 with errcode 0: WeCom says no in the body of a 200. */
const judge = (answer: OutgoingAnswer, attempts: number, wallNow: Instant): SendResult => {
  if (answer.kind !== 'answered') return unansweredOutcome(answer);
  const { status, retryAfter, body, complete } = answer;
  if (isForNow(status)) return retryLater(`HTTP ${status}`, retryAfterMs(retryAfter, wallNow));
  if (status !== 200) return { outcome: 'refused', reason: `HTTP ${status}` };
  if (!complete) return { outcome: 'unknown', reason: 'the answer broke off' };
  const errcode = errcodeOf(body);
  if (errcode === undefined) return aFewTimes(attempts, 'the answer is not what a robot says');
  return byErrcode(errcode, attempts);
};

const errcodeOf = (body: string): number | undefined => {
  try {
    return Answer.safeParse(JSON.parse(body)).data?.errcode;
  } catch {
    return undefined;
  }
};

const byErrcode = (errcode: number, attempts: number): SendResult => {
  const reason = `errcode ${errcode}`;
  switch (errcode) {
    case 0:
      return { outcome: 'delivered' };
    case 45009: // too many messages in this minute
      return { outcome: 'retry', reason, afterMs: 60_000 };
    case 45033: // too many at the same time
      return { outcome: 'retry', reason };
    case 93000: // no such robot, or removed
    case 93004: // robot stopped
    case 93008: // robot not in the group
      return { outcome: 'refused', reason, disable: true };
    case 40008: // message type
    case 40058: // parameter, or too long
    case 44004: // empty
      return { outcome: 'refused', reason };
    default: // -1 is "busy"; others we do not know
      return aFewTimes(attempts, reason);
  }
};

const aFewTimes = (attempts: number, reason: string): SendResult => ({
  outcome: attempts < fewAttempts ? 'retry' : 'refused',
  reason,
});
