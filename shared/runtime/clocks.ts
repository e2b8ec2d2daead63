import type { Instant } from '../domain/instant.ts';
import type { Clock } from '../ports/clock.ts';

export const systemClock: Clock = { businessNow: () => Date.now(), wallNow: () => Date.now() };

export interface SimulatedClock extends Clock {
  /** Moves business time forward; an instant in its past changes nothing. */
  advanceTo(instant: Instant): void;
}

/** Business time stands still until it is moved; wall time is the machine's. */
export const simulatedClock = (start: Instant): SimulatedClock => {
  let now = start;
  return {
    businessNow: () => now,
    wallNow: () => Date.now(),
    advanceTo: (instant) => {
      now = Math.max(now, instant);
    },
  };
};
