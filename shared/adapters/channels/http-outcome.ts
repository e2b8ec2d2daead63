import type { SendResult } from '../../domain/delivery.ts';
import type { Instant } from '../../domain/instant.ts';
import type { OutgoingAnswer } from './outgoing-request.ts';

type NoAnswer = Exclude<OutgoingAnswer, { kind: 'answered' }>;

/** What a request without an answer means for the delivery. */
export const unansweredOutcome = (answer: NoAnswer): SendResult => {
  switch (answer.kind) {
    case 'blocked':
      return { outcome: 'refused', reason: answer.reason };
    case 'unreached':
      return { outcome: 'retry', reason: answer.reason };
    case 'unanswered':
      return { outcome: 'unknown', reason: answer.reason };
  }
};

/** Statuses that say: later, perhaps (RFC 9110; 425 is RFC 8470, 429 is RFC 6585). */
export const isForNow = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;

const longest = 24 * 3_600_000;

/** Milliseconds a Retry-After header asks for: seconds or an HTTP date (RFC 9110, 10.2.3), at most a day. */
export const retryAfterMs = (header: string | undefined, wallNow: Instant): number | undefined => {
  if (header === undefined) return undefined;
  const text = header.trim();
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - wallNow;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), longest);
};

/** A `retry`, as late as the other side asked. */
export const retryLater = (reason: string, afterMs: number | undefined): SendResult => ({
  outcome: 'retry',
  reason,
  ...(afterMs === undefined ? {} : { afterMs }),
});
