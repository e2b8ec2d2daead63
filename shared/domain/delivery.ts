import * as z from 'zod';
import { Direction, GradeName } from './change.ts';
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

export const waitingStatuses = ['pending', 'retry', 'unknown'] as const satisfies readonly DeliveryStatus[];
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

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** When each attempt is made, counted from the first: ten over a day (Standard Webhooks 1.0.0, suggested schedule). */
const schedule = [
  0,
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];
export const maxAttempts = schedule.length;

/** Milliseconds to wait after this many attempts, give or take 10 %; `random` is in [0, 1). */
export const backoffMs = (attempts: number, random: number): number => {
  const at = Math.min(Math.max(attempts, 1), schedule.length - 1);
  const gap = (schedule[at] ?? 0) - (schedule[at - 1] ?? 0);
  return Math.round(gap * (0.9 + 0.2 * random));
};

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
  const { lastError: _, ...rest } = delivery;
  switch (result.outcome) {
    case 'delivered':
      return { ...rest, status: 'delivered', ...(result.note === undefined ? {} : { lastError: result.note }) };
    case 'refused':
      // on a disabled channel it keeps its place in the lane: it goes out when a person has put the channel right
      return { ...rest, status: result.disable === true ? 'retry' : 'dead', dueAt: wallNow, lastError: result.reason };
    case 'retry': {
      const dueAt = wallNow + Math.max(backoffMs(delivery.attempts, random), result.afterMs ?? 0);
      return { ...rest, status: isLast(delivery) ? 'dead' : 'retry', dueAt, lastError: result.reason };
    }
    case 'unknown': {
      const status = !resends ? 'held' : isLast(delivery) ? 'dead' : 'unknown';
      const dueAt = wallNow + backoffMs(delivery.attempts, random);
      return { ...rest, status, unknowns: delivery.unknowns + 1, dueAt, lastError: result.reason };
    }
  }
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

/** At most `sends` in any stretch of `windowMs`. */
export interface Pace {
  readonly sends: number;
  readonly windowMs: number;
}

/** Rates below one a minute become one in a longer stretch. */
export const paceOf = (perMinute: number): Pace =>
  perMinute >= 1
    ? { sends: Math.floor(perMinute), windowMs: minute }
    : { sends: 1, windowMs: Math.ceil(minute / perMinute) };
