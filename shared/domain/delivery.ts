import * as z from 'zod';
import { Direction, GradeName } from './change.ts';
import { backoffMs, maxAttempts } from './delivery-schedule.ts';
import { CustomerId } from './ids.ts';
import { Instant } from './instant.ts';

/** The announcement as data, for receivers that are programs. */
export const Announcement = z.object({
  /** Customer + ledger sequence of the last change it is about. */
  change: z.string(),
  customer: CustomerId,
  from: GradeName,
  to: GradeName,
  direction: Direction,
  score: z.number().nullable(),
  model: z.object({ id: z.string(), version: z.int(), hash: z.string() }),
  reasons: z.array(z.string()),
  tags: z.record(z.string(), z.string()),
  /** The instant the decision stands for: business time. */
  at: Instant,
});
export type Announcement = Readonly<z.infer<typeof Announcement>>;

const message = { recipients: z.array(z.string()), title: z.string(), text: z.string() };

/** What a channel is to bring, in the company's language and complete: nothing is looked up when it is sent. */
export const DeliveryContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('alert'), ...message, announcement: Announcement }),
  z.object({
    kind: z.literal('task'),
    subject: z.string(),
    text: z.string(),
    /** A date of the company's calendar, YYYY-MM-DD. */
    due: z.string(),
    /** A user id of the CRM; without it the CRM decides. */
    owner: z.string().optional(),
    priority: z.enum(['high', 'normal', 'low']),
  }),
  /** An empty grade says: not graded any more. */
  z.object({ kind: z.literal('grade'), grade: z.string(), score: z.number().nullable(), at: Instant }),
  /** Many alerts in one, because the channel could not carry them singly. */
  z.object({ kind: z.literal('digest'), ...message, alerts: z.int().positive() }),
]);
export type DeliveryContent = Readonly<z.infer<typeof DeliveryContent>>;

/**
 * Waiting: `pending` (never tried), `retry` (failed for now), `unknown` (nobody knows whether it arrived; it will be sent again).
 * In flight: `sending`. At rest: `delivered`; `held` (nobody knows, a person decides); `dead` (given up);
 * `superseded` (a newer write of the same grade took its place); `digested` (went into a digest).
 */
export const DeliveryStatus = z.enum([
  'pending',
  'sending',
  'retry',
  'delivered',
  'unknown',
  'held',
  'dead',
  'superseded',
  'digested',
]);
export type DeliveryStatus = z.infer<typeof DeliveryStatus>;

const waitingStatuses = ['pending', 'retry', 'unknown'] as const satisfies readonly DeliveryStatus[];
export const isWaiting = (status: DeliveryStatus): boolean => (waitingStatuses as readonly string[]).includes(status);

/** One thing to bring to one channel, and how far that got. */
export const Delivery = z.object({
  /** Deterministic, short and plain ASCII: the idempotency key wherever a channel has one. */
  id: z.string().regex(/^[a-z]{3}_[0-9a-f]{32}$/),
  /** Of a digest: the customer of its first alert. */
  customer: CustomerId,
  channel: z.string(),
  /** playbook/rule; empty for a digest. */
  rule: z.string(),
  /** The last change it is about; empty for a digest. */
  change: z.string(),
  content: DeliveryContent,
  status: DeliveryStatus,
  /** Counted before the attempt is made. */
  attempts: z.int().nonnegative(),
  /** How many attempts ended without anybody knowing how. */
  unknowns: z.int().nonnegative(),
  /** Not to be sent before this wall-clock instant; 0 for at once. */
  dueAt: Instant,
  /** Wall clock of the first and of the last attempt. */
  firstSentAt: Instant.optional(),
  sentAt: Instant.optional(),
  lastError: z.string().optional(),
  /** The digest it went into. */
  digest: z.string().optional(),
  /** Business time. */
  createdAt: Instant,
});
export type Delivery = Readonly<z.infer<typeof Delivery>>;

/** Deliveries of one lane go one after the other, in the order they were decided: one customer and one channel. */
export const laneOf = ({ channel, customer, content }: Pick<Delivery, 'channel' | 'customer' | 'content'>): string =>
  content.kind === 'digest' ? `${channel}|digest|${content.recipients.join(',')}` : `${channel}|${customer}`;

/** What came of one attempt. */
export type SendResult =
  /** `note`: it arrived, but not everywhere. */
  | { readonly outcome: 'delivered'; readonly note?: string }
  | { readonly outcome: 'retry'; readonly reason: string; readonly afterMs?: number }
  /** It never will. `disable`: and neither will anything else on this channel, until a person has looked at it. */
  | { readonly outcome: 'refused'; readonly reason: string; readonly disable?: boolean }
  /** It may or may not have arrived. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/** The attempt is stored before it is made: a crash in between leaves `sending` behind, never a lost delivery. */
export const attemptOf = (delivery: Delivery, wallNow: Instant): Delivery => ({
  ...delivery,
  status: 'sending',
  attempts: delivery.attempts + 1,
  firstSentAt: delivery.firstSentAt ?? wallNow,
  sentAt: wallNow,
});

export interface AfterSending {
  readonly wallNow: Instant;
  /** In [0, 1). */
  readonly random: number;
  /** Whether this channel sends again what may have arrived. */
  readonly resends: boolean;
}

/** Where a delivery in `sending` goes from here. */
export const settleAttempt = (
  delivery: Delivery,
  result: SendResult,
  { wallNow, random, resends }: AfterSending,
): Delivery => {
  switch (result.outcome) {
    case 'delivered':
      return withError({ ...delivery, status: 'delivered' }, result.note);
    case 'refused':
      // on a disabled channel it keeps its place in the lane: it goes out when a person has put the channel right
      return {
        ...delivery,
        status: result.disable === true ? 'retry' : 'dead',
        dueAt: wallNow,
        lastError: result.reason,
      };
    case 'retry': {
      const dueAt = wallNow + Math.max(backoffMs(delivery.attempts, random), result.afterMs ?? 0);
      return { ...delivery, status: isLast(delivery) ? 'dead' : 'retry', dueAt, lastError: result.reason };
    }
    case 'unknown': {
      const status = !resends ? 'held' : isLast(delivery) ? 'dead' : 'unknown';
      const dueAt = wallNow + backoffMs(delivery.attempts, random);
      return { ...delivery, status, unknowns: delivery.unknowns + 1, dueAt, lastError: result.reason };
    }
  }
};

/** An error of an earlier attempt does not stay on what arrived. */
const withError = (delivery: Delivery, lastError: string | undefined): Delivery => {
  const clean = { ...delivery };
  delete clean.lastError;
  return lastError === undefined ? clean : { ...clean, lastError };
};

const isLast = ({ attempts }: Delivery): boolean => attempts >= maxAttempts;

/** What a crash between send and answer leaves: due again at once where the channel resends, else for a person. */
export const recoverAttempt = (delivery: Delivery, wallNow: Instant, resends: boolean): Delivery => ({
  ...delivery,
  status: !resends ? 'held' : isLast(delivery) ? 'dead' : 'unknown',
  unknowns: delivery.unknowns + 1,
  dueAt: wallNow,
  lastError: 'stopped between sending and the answer',
});
