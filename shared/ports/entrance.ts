import type { Hint } from '../domain/hint.ts';
import type { Instant } from '../domain/instant.ts';

/** One HTTP delivery, before anything in it is believed. */
export interface Delivery {
  /** The raw bytes that were sent: signatures are over these. */
  readonly body: Uint8Array;
  /** Case-insensitive. */
  header(name: string): string | undefined;
  /** What stood in the route's secret segment, where the entrance has one. */
  readonly pathSecret?: string;
  readonly wallNow: Instant;
}

export type HintedRecord = Pick<Hint, 'object' | 'id' | 'operation' | 'changedFields' | 'payload'>;

export type Entered =
  | {
      readonly outcome: 'accepted';
      /** The same for every copy of this delivery. */
      readonly delivery: string;
      readonly hints: readonly HintedRecord[];
      /** What the sender expects back once it is durable; nothing for an empty 200. */
      readonly reply?: { readonly contentType: string; readonly body: string };
    }
  /** The sender did not prove who it is. Says no more than that to anybody. */
  | { readonly outcome: 'forged' }
  /** Authentic, or not even that far, and not what this entrance accepts. `reason` goes back to the sender: it must not quote the body. */
  | { readonly outcome: 'unreadable'; readonly reason: string };

/** One way in for one connection: verifies on raw bytes, in constant time, and finds the hints. Pure but for crypto. */
export interface Entrance {
  enter(delivery: Delivery): Entered;
}
