import type { Delivery, SendResult } from '../domain/delivery.ts';
import type { DigestBy } from '../domain/delivery-digest.ts';
import type { Instant } from '../domain/instant.ts';

/** Word of how things run, complete and in the company's language. It concerns no customer. */
export interface Notice {
  /** As a delivery's: the idempotency key where a channel has one. */
  readonly id: string;
  readonly recipients: readonly string[];
  readonly title: string;
  readonly text: string;
  readonly at: Instant;
}

/** One way to reach people or programs. */
export interface Channel {
  /** Whether the other side drops what it has seen: then sending again is always safe. */
  readonly keyed: boolean;
  /** What becomes of a delivery that may have arrived, where there is no key. */
  readonly onUnknown: 'resend' | 'hold';
  /** The most sends a minute, over all instances. Absent: as many as there are. */
  readonly perMinute?: number;
  /** The most sends at the same time by one instance. */
  readonly concurrency: number;
  readonly digestBy: DigestBy;

  /** One attempt, judged by this channel's own rule of success. Never throws for what the other side does. */
  send(delivery: Delivery): Promise<SendResult>;

  /** The same for word of how things run. Absent where only what concerns a customer can be brought. */
  notify?(notice: Notice): Promise<SendResult>;
}

/** Whether a channel sends again what may have arrived. */
export const resends = ({ keyed, onUnknown }: Pick<Channel, 'keyed' | 'onUnknown'>): boolean =>
  keyed || onUnknown === 'resend';
