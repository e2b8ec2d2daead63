import type { Instant } from '../domain/instant.ts';

/** The two clocks. A simulated clock replaces only the business one. */
export interface Clock {
  /** Append instants, windows, timers, dwell, settle, promises. */
  businessNow(): Instant;
  /** Timeouts, backoff, rate limits, tokens, signature windows, logs. */
  wallNow(): Instant;
}
